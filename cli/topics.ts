import { agentTopic } from "./agent-topic.ts";

/** Help pages that belong to no single verb. */
export const topics: Record<string, string> = {
  agent: agentTopic,

  sessions: `Sessions

A session is a workstation: a desktop in a container, with your folder as /workspace.

  nexora session new web      open one on the current folder
  nexora session use web      make it the one for this folder
  nexora session rm web       end it; your folder stays

Which session a verb acts on: -s/--session NAME, else NEXORA_SESSION, else the nearest
.nexora/session file upward, else the only running session. It never guesses among several.`,

  input: `Input

  nexora type 'vi main.go\\n'           text; \\n presses Return
  nexora type 'ls' --enter --wait prompt --then-screen
  nexora type - < file                 standard input, as it is
  nexora key ctrl+c                    keys and chords, by X's names

--wait COND waits afterwards and may be repeated: a flag of wait without its dashes, such as
prompt, text=RE, stable=1s, timeout=2m. --then-screen prints the text of the screen; the flags
of screen (--lines, --region, --scale, …) and -o FILE work here too.

Escapes in the argument of type: \\n \\r \\t \\e (Escape) \\b \\\\ \\xHH (the character U+00HH)
\\u{…} (any character). Any other backslash is an error and nothing is typed: write \\\\ or use
--literal. Put -- before text that starts with a dash.

Text and keys go to the focused window, as a person's would.`,

  screen: `Screen

  nexora screen                on a terminal: the text, and the picture's path on stderr;
                               in a pipe: the picture's path
  nexora screen --text         only the text
  nexora screen -o shot.png    the picture to a file; -o - to a pipe
  nexora screen --json         all of it: text, cursor, window, rev, the picture's path
  nexora screen --since REV    only what has changed in the text since that look; with -o,
                               no picture unless its pixels have changed
  nexora screen --window ID    only that window

--region X,Y,W,H takes a part of the desktop; --scale makes the picture smaller, and its
scaleX/scaleY/offsetX/offsetY map its pixels back to the desktop's.`,

  exec: `Exec

  nexora exec 'make && make test'     one word is a line for bash -lc
  nexora exec -- ls -la               several are a program and its arguments
  tar c . | nexora exec -i -- tar x -C /tmp
  nexora exec -t htop                 with a terminal

Flags of Nexora end at the first word of the command. Standard output and standard error stay
apart and binary-safe. The exit code is the command's own (128 + n when signal n ended it, 124
after --timeout); 125 says that Nexora itself failed. With --json, "ok": true means the
exitCode is the command's.`,

  tokens: `Tokens

  nexora token new ci --scope act --session dev --expires 8h     prints it, once
  nexora token ls                                                and when each was last used
  nexora token rm ci                                             it is refused from then on
  nexora audit                                                   who did what

For programs that call the HTTP API. read sees the screen, files and logs; act also types, runs
commands, stops and starts; admin does everything. One that is bound to sessions sees no others.
models asks models through the gateway, and does nothing else.
The command line uses one with NEXORA_HOST and NEXORA_TOKEN_FILE.`,

  environment: `Environment

  NEXORA_SESSION     the session to act on
  NEXORA_HOME        folder for state and configuration (default: the XDG folders)
  NEXORA_HOST        URL of another daemon, with NEXORA_TOKEN_FILE: a file with its token
  NEXORA_LOG         level of the daemon's log
  NEXORA_DATABASE_URL  a PostgreSQL server in place of the embedded database
                     (without it, DATABASE_URL; set and empty, the embedded one)
  DOCKER_HOST        the Docker engine
  NO_COLOR           no colours

A flag comes before the environment, which comes before the configuration file.`,

  "exit-codes": `Exit codes

    0  done                       20  the engine (Docker, display, store) failed
    1  unexpected                 30  the action failed in the workstation
    2  wrong usage               124  time-out
    3  not allowed               125  exec: Nexora itself failed
    4  not found                 130  interrupted
    5  conflict, or busy
    6  expect: it cannot be told
   10  no daemon answers

exec gives the exit code of its command.`,
};
