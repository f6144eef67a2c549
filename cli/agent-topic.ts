/** How a model uses the verbs well; its commands are run by tests/e2e/examples.test.ts. */
export const agentTopic = `Working in a workstation, for models

Look once. Then act, wait for what you expect, and read what has changed: one call.

  nexora screen --text                      the exact text of all windows; no picture needed
  nexora type 'make test\\n' --wait prompt --timeout 5m --then-screen --since before
  nexora screen --last-output --tail 20     what the last command printed, scrolled away or not

With --since before, --then-screen shows only the rows that the action has changed. On stderr
stands how the wait ended: "prompt after 41 s, exit status 2 of make test". The exit code of type
only says that all was typed.

--wait COND may be repeated; the first that holds ends the wait. A time-out is exit code 124,
and shows the screen.
  prompt        the shell's command has ended
  input         the program asks for something, or the shell is at its prompt
  text=RE gone=RE title=RE window=TITLE port=N
  stable=1s     nothing moves; the last resort

exec or type? exec runs beside the desktop, with its own output and exit code. What others are
to see, editors, and programs that ask go through the terminal:

  nexora exec 'git status --short'
  nexora type 'vi notes.txt\\n' --wait text=buy --then-screen --compact
  nexora type 'ggOeggs' --then-screen --since before
  nexora key Escape : w q Return --wait prompt

Several steps in one call, up to the first that fails; the screen's changes at the end:

  printf '%s\\n' '{"type":{"text":"cd /tmp\\n","wait":{"prompt":true}}}' '{"type":{"text":"pwd\\n","wait":{"prompt":true}}}' | nexora batch - --then-screen

Windows: references such as @e5 name what one can act on, as long as it is there.

  nexora click --on 'all is well'           a text that shows once
  nexora open mousepad notes.txt
  nexora screen --refs                      @e5 menuitem "File"
  nexora click @e5 --then-screen --refs --since before
  nexora key Escape

The browser is on the same desktop; a line that changed begins with + or -:

  nexora chrome goto 127.0.0.1:8000/forms --then-snapshot
  nexora chrome fill @e7 'Ada Lovelace'     or 'role=textbox[name="Name"]', CSS, text=Name
  nexora chrome select @e8 Medium
  nexora chrome check @e9 --then-snapshot
  nexora chrome click 'role=button[name="Order"]'
  nexora chrome wait --text 'Thank you'
  nexora chrome text

Mistakes
* Sleeping: say what you wait for.
* Typing before the prompt is back: the keys go to whatever runs. End each command with --wait prompt.
* Waiting for a text that you have just typed: it shows at once. Anchor it (text='^done$'), or take prompt.
* Forgetting Return: \\n in the text, or --enter.
* Quoting: put the text in '…'. type reads \\n \\t \\e itself; --literal types it as it is, and
  \`type - < FILE\` what is in FILE.
* A picture (-o shot.png) where there is text: it costs ten times as much. Take it for what is drawn.
* Old coordinates: windows move. Click a reference or --on TEXT; where only a picture helps, --from its rev.
* A stale reference is an error that says so: look again.`;
