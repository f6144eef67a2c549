/**
 * Other names of keys, lower case without `_`, `-` and blanks, by the canonical name: tmux's,
 * Playwright's (the `code` and `key` values of the web), vncdo's and everyday words.
 */
const aliases: Readonly<Record<string, string>> = {
  Return: "enter ret cr newline",
  Escape: "esc",
  BackSpace: "bspace bsp bs",
  Delete: "del dc",
  Insert: "ins ic",
  Tab: "tabulator",
  space: "spacebar spc sb",
  Page_Up: "pgup ppage prior",
  Page_Down: "pgdn pgdown npage next",
  Left: "arrowleft leftarrow",
  Right: "arrowright rightarrow",
  Up: "arrowup uparrow",
  Down: "arrowdown downarrow",
  Print: "printscreen prtsc prtscr",
  Sys_Req: "sysrq",
  Scroll_Lock: "scrlk",
  Num_Lock: "numlk",
  Caps_Lock: "caplk capslk",
  Menu: "contextmenu apps",
  KP_Page_Up: "kpprior kppgup",
  KP_Page_Down: "kpnext kppgdn",
  KP_Multiply: "numpadmultiply kp*",
  KP_Add: "numpadadd kp+ kpplus",
  KP_Subtract: "numpadsubtract kp- kpminus",
  KP_Decimal: "numpaddecimal kp. kpdot",
  KP_Divide: "numpaddivide kp/ kpslash",
  KP_Enter: "numpadenter",
  KP_Equal: "numpadequal kp=",
  Hangul: "lang1",
  Hangul_Hanja: "lang2",
  Henkan: "henkanmode convert",
  Muhenkan: "nonconvert",
  Mode_switch: "scriptswitch",
  Multi_key: "compose",
  ISO_Level3_Shift: "altgr altgraph",
  Shift_L: "shiftleft lshift",
  Shift_R: "shiftright rshift",
  Control_L: "controlleft lctrl",
  Control_R: "controlright rctrl",
  Alt_L: "altleft lalt",
  Alt_R: "altright ralt",
  Super_L: "metaleft osleft lsuper",
  Super_R: "metaright osright rsuper",
  Meta_L: "lmeta",
  Meta_R: "rmeta",
  Hyper_L: "hyper lhyper",
  Hyper_R: "rhyper",
  grave: "backquote backtick quoteleft",
  apostrophe: "quote quoteright",
  asciitilde: "tilde",
  asciicircum: "caret circumflex",
  minus: "dash",
  period: "dot",
  slash: "fslash",
  backslash: "bslash",
  numbersign: "hash",
  EuroSign: "euro",
  XF86AudioRaiseVolume: "audiovolumeup volumeup",
  XF86AudioLowerVolume: "audiovolumedown volumedown",
  XF86AudioMute: "audiovolumemute mute",
  XF86AudioPlay: "mediaplaypause playpause",
  XF86AudioStop: "mediastop",
  XF86AudioNext: "mediatracknext",
  XF86AudioPrev: "mediatrackprevious",
  XF86Back: "browserback",
  XF86Forward: "browserforward",
  XF86Refresh: "browserrefresh",
  XF86HomePage: "browserhome",
};

/** Canonical names by alias. */
export const keyAliases: ReadonlyMap<string, string> = new Map(
  Object.entries(aliases).flatMap(([name, words]) =>
    words.split(" ").map((word): [string, string] => [word, name]),
  ),
);

export type Modifier = "ctrl" | "alt" | "shift" | "super";

/** The words for a modifier in front of `+` or `-`, lower case. */
export const modifierWords: ReadonlyMap<string, Modifier> = new Map(
  Object.entries({
    ctrl: "ctrl control ctl controlormeta controll control_l controlleft",
    alt: "alt option opt alt_l altleft",
    shift: "shift shift_l shiftleft",
    super: "super win windows cmd command meta super_l metaleft",
  } satisfies Record<Modifier, string>).flatMap(([modifier, words]) =>
    words.split(" ").map((word): [string, Modifier] => [word, modifier as Modifier]),
  ),
);

/** tmux's and Emacs' one-letter modifiers, only in front of `-`. */
export const modifierLetters: ReadonlyMap<string, Modifier> = new Map([
  ["c", "ctrl"],
  ["m", "alt"],
  ["s", "shift"],
]);
