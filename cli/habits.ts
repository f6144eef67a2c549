const keyIsNoFlag =
  "the key comes from standard input or a prompt: a flag would be in the shell's history";

/**
 * Flags that people bring along from docker, kubectl, tmux, git and cp, and what does that here.
 * Each line: the flags, and the advice. `*` is any verb.
 */
const habits: Record<string, readonly (readonly [flags: string, advice: string])[]> = {
  "*": [
    ["-v -V", "--version prints the version"],
    ["--verbose --debug", "NEXORA_LOG=debug makes the daemon's log say more: `nexora daemon logs`"],
    ["-n --namespace --name --container -t --target", "-s NAME chooses the session"],
    ["-o --format --output", "--json prints JSON"],
    ["-y --yes --no-confirm", "nothing asks before it acts: leave it out"],
    ["-H --host --context --server", "NEXORA_HOST=URL chooses another daemon"],
    ["--token", "NEXORA_TOKEN_FILE names a file with the token"],
    ["--color --no-color --colour --no-colour", "NO_COLOR=1 turns colours off"],
    ["--config", "`nexora config path` prints where it is; NEXORA_HOME chooses another home"],
    ["-w --watch", "`nexora events --follow` prints what happens"],
  ],
  exec: [
    ["-d --background --bg", "--detach leaves the command running"],
    ["--workdir --working-dir --dir -C", "-w DIR, --cwd DIR is the folder that it runs in"],
    ["--rm", "nothing is left behind that must be removed: leave it out"],
    ["-u --user --privileged", "commands run as the workstation's one user: leave it out"],
    ["-c", "one word is a line for the shell: `nexora exec 'make test'`"],
    ["--env-file", "-e NAME=VALUE sets a variable, and may be repeated"],
    ["--stdin --input", "-i passes standard input on"],
  ],
  "session.new": [
    ["-s --session", "-s chooses a session that exists; --name NAME names the new one"],
    ["-d --detach --background", "it opens in the background anyway: leave it out"],
    [
      "-i -t --interactive --tty --attach -a",
      "`nexora session attach NAME` shows its terminal here",
    ],
    [
      "--rm",
      "it stays until `nexora session rm NAME`; --ttl DUR and --idle DUR stop it by themselves",
    ],
    ["-v --volume --mount --bind", "--workspace DIR (-w) is the folder that it sees"],
    ["-C --dir --cwd --workdir --folder --path", "--workspace DIR (-w) is the folder that it sees"],
    ["-p --publish --port --expose", "its ports are not published: `nexora exec` asks from inside"],
    ["--net", "--network full or --network none"],
    ["--geometry --resolution --screen", "--size WxH is the size of the desktop"],
    ["--timeout --time", "--ttl DUR stops it after a time, --idle DUR after a time without use"],
    ["--hostname", "--name NAME is its name, inside too"],
    ["--env-file", "-e NAME=VALUE sets a variable, and may be repeated"],
    ["--privileged --cap-add", "--profile dev gives a writable root and sudo"],
    ["--chromium --chrome", "--browser opens the browser too"],
  ],
  "keys.set": [["--key --api-key --apikey --token --secret --value -k", keyIsNoFlag]],
  "keys.rotate": [["--key --api-key --apikey --token --secret --value -k", keyIsNoFlag]],
  "session.rm": [
    ["-a", "--all removes every session of this daemon"],
    ["-r -R -v --volumes", "its home is removed anyway, and your folder stays: leave it out"],
  ],
  "session.ls": [
    ["-a --all -A", "all are listed, whatever their state: leave it out"],
    ["-l --long --filter --no-trunc", "--json has every fact of every session"],
  ],
  "session.stop": [["-t --time --timeout -f --force", "it stops within seconds: leave it out"]],
  "session.logs": [["--lines --last -l", "--tail N (-n) says how many lines"]],
  "daemon.logs": [["--lines --last -l", "--tail N (-n) says how many lines"]],
  screen: [
    ["--file --out --save -f", "-o FILE writes the picture to FILE"],
    ["--png --jpg --jpeg --webp", "--format png, jpeg or webp; or -o FILE with that ending"],
    ["-p -e --print", "--text prints the text"],
    ["-S --scrollback --history", "--lines N adds lines of scrollback"],
    ["--size --width --resize", "--scale F or --scale WxH makes the picture smaller"],
    ["--delay --wait", "`nexora wait --stable 300ms` waits until nothing moves"],
    ["--follow --watch -w", "`nexora watch` says when it changes"],
    ["--crop --rect", "--region X,Y,W,H takes a part of the desktop"],
  ],
  type: [
    ["--file -f", "`nexora type - < FILE` types what is in a file"],
    ["-n --no-newline", "Return is pressed only where you say so: leave it out"],
    ["--return --newline --submit", "--enter presses Return at the end"],
    [
      "-e --escape --escapes",
      "escapes such as \\n are read anyway; --enter presses Return at the end",
    ],
    ["--raw -r", "--literal types the text as it is"],
  ],
  key: [
    ["-n --count --times", "--repeat N presses them so many times"],
    ["--duration", "--hold DUR holds each chord down for that long"],
  ],
  wait: [
    [
      "--regex --pattern --match -e --for --until",
      "--text RE waits for a text, --prompt for the shell",
    ],
    ["--idle --still", "--stable DUR waits until no pixel has changed for that long"],
    ["-t --time --seconds --max", "--timeout DUR is how long to wait at most"],
  ],
  cp: [
    ["-R", "folders are copied with all in them anyway: leave it out"],
    ["-a --archive -p --preserve", "modes and times are kept anyway: leave it out"],
    ["-L --dereference --follow-link", "links stay links: name what they lead to"],
    ["-f --force -u --update", "what is there is replaced anyway: leave it out"],
    ["-v --verbose --progress", "it says what it leaves out, and nothing else: leave it out"],
  ],
  events: [
    ["-s --session", "--only SESSION shows the events of one session"],
    ["-n --tail --lines --last", "--limit N says how many past ones"],
  ],
  audit: [["-n --tail --lines --last", "--limit N says how many past ones"]],
  "token.new": [
    ["--ttl --expire --expiry --lifetime", "--expires DUR says for how long"],
    ["--role --access --permission", "--scope read, act or admin says what it may do"],
    ["--read --act --admin --read-only", "--scope read, act or admin says what it may do"],
  ],
  "image.build": [
    ["-t --tag", "it is always nexora-workstation:TARGET; `docker build` derives your own from it"],
    ["-f --file --build-arg", "what is built is inside of this program: leave it out"],
    ["--from --base", "--base-image REF is the image to start from"],
  ],
  "daemon.start": [
    ["-d --detach --background", "it runs in the background anyway: leave it out"],
    ["--foreground", "`nexora daemon run` runs it in the foreground"],
    ["-p --port", "set `daemon.port` in the configuration, or use `nexora daemon run --port N`"],
  ],
  "daemon.run": [["-d --detach --background", "`nexora daemon start` runs it in the background"]],
  "daemon.stop": [["-f --force -9", "it is ended if it does not end by itself: leave it out"]],
};

/** Verbs that people bring along, and what does that here. */
export const verbHabits: Record<string, string> = {
  "ps list sessions": "session ls",
  "create up": "session new",
  "delete remove destroy down": "session rm",
  "kill pause": "session stop",
  resume: "session start",
  inspect: "session show",
  "run sh bash shell ssh": "exec",
  "send-keys send write text": "type",
  press: "key",
  "screenshot shot capture capture-pane snapshot": "screen",
  "copy scp": "cp",
  "build pull": "image build",
  images: "image ls",
  tokens: "token ls",
  "log history": "events",
  man: "help",
};

/** The verb that does here what that word does elsewhere; undefined when it is nobody's habit. */
export function verbHabitOf(word: string): string | undefined {
  return Object.entries(verbHabits).find(([words]) => words.split(" ").includes(word))?.[1];
}

/** What does here what that flag does elsewhere; undefined when it is nobody's habit. */
export function habitOf(verb: string, flag: string): string | undefined {
  const lines = [...(habits[verb] ?? []), ...(habits["*"] ?? [])];
  return lines.find(([flags]) => flags.split(" ").includes(flag))?.[1];
}

/** All advice, by the verb that it is for. */
export function allHabits(): { verb: string; flags: string[]; advice: string }[] {
  return Object.entries(habits).flatMap(([verb, lines]) =>
    lines.map(([flags, advice]) => ({ verb, flags: flags.split(" "), advice })),
  );
}
