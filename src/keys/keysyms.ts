/**
 * Keysyms by name, as X11's keysymdef.h and XF86keysym.h number them. Each run counts up from
 * its first number; `-` leaves one out.
 */
const runs: readonly (readonly [first: number, names: string])[] = [
  // Latin-1: the keysym is the code point.
  [
    0x20,
    "space exclam quotedbl numbersign dollar percent ampersand apostrophe parenleft parenright asterisk plus comma minus period slash",
  ],
  [0x3a, "colon semicolon less equal greater question at"],
  [0x5b, "bracketleft backslash bracketright asciicircum underscore grave"],
  [0x7b, "braceleft bar braceright asciitilde"],
  [
    0xa0,
    "nobreakspace exclamdown cent sterling currency yen brokenbar section diaeresis copyright ordfeminine guillemotleft notsign hyphen registered macron degree plusminus twosuperior threesuperior acute mu paragraph periodcentered cedilla onesuperior masculine guillemotright onequarter onehalf threequarters questiondown",
  ],
  [
    0xc0,
    "Agrave Aacute Acircumflex Atilde Adiaeresis Aring AE Ccedilla Egrave Eacute Ecircumflex Ediaeresis Igrave Iacute Icircumflex Idiaeresis ETH Ntilde Ograve Oacute Ocircumflex Otilde Odiaeresis multiply Oslash Ugrave Uacute Ucircumflex Udiaeresis Yacute THORN ssharp",
  ],
  [
    0xe0,
    "agrave aacute acircumflex atilde adiaeresis aring ae ccedilla egrave eacute ecircumflex ediaeresis igrave iacute icircumflex idiaeresis eth ntilde ograve oacute ocircumflex otilde odiaeresis division oslash ugrave uacute ucircumflex udiaeresis yacute thorn ydiaeresis",
  ],
  [0x20ac, "EuroSign"],
  // Editing and the control characters of terminals.
  [0xff08, "BackSpace Tab Linefeed Clear - Return"],
  [0xff13, "Pause Scroll_Lock Sys_Req - - - - - Escape"],
  [0xffff, "Delete"],
  // Writing systems.
  [
    0xff20,
    "Multi_key Kanji Muhenkan Henkan Romaji Hiragana Katakana Hiragana_Katakana Zenkaku Hankaku Zenkaku_Hankaku Touroku Massyo Kana_Lock Kana_Shift Eisu_Shift Eisu_toggle Hangul Hangul_Start Hangul_End Hangul_Hanja Hangul_Jamo Hangul_Romaja Codeinput",
  ],
  [0xff3c, "SingleCandidate MultipleCandidate PreviousCandidate"],
  // Moving about.
  [0xff50, "Home Left Up Right Down Page_Up Page_Down End Begin"],
  [0xff60, "Select Print Execute Insert - Undo Redo Menu Find Cancel Help Break"],
  // Keypad.
  [0xff80, "KP_Space - - - - - - - - KP_Tab - - - KP_Enter"],
  [
    0xff91,
    "KP_F1 KP_F2 KP_F3 KP_F4 KP_Home KP_Left KP_Up KP_Right KP_Down KP_Page_Up KP_Page_Down KP_End KP_Begin KP_Insert KP_Delete",
  ],
  [
    0xffaa,
    "KP_Multiply KP_Add KP_Separator KP_Subtract KP_Decimal KP_Divide KP_0 KP_1 KP_2 KP_3 KP_4 KP_5 KP_6 KP_7 KP_8 KP_9",
  ],
  [0xffbd, "KP_Equal"],
  // Functions.
  [
    0xffbe,
    "F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24 F25 F26 F27 F28 F29 F30 F31 F32 F33 F34 F35",
  ],
  // Modifiers.
  [0xff7e, "Mode_switch Num_Lock"],
  [
    0xffe1,
    "Shift_L Shift_R Control_L Control_R Caps_Lock Shift_Lock Meta_L Meta_R Alt_L Alt_R Super_L Super_R Hyper_L Hyper_R",
  ],
  [0xfe01, "ISO_Lock ISO_Level2_Latch ISO_Level3_Shift ISO_Level3_Latch ISO_Level3_Lock"],
  [0xfe08, "ISO_Next_Group - ISO_Prev_Group - ISO_First_Group - ISO_Last_Group"],
  [0xfe11, "ISO_Level5_Shift ISO_Level5_Latch ISO_Level5_Lock"],
  [0xfe34, "ISO_Enter"],
  // Dead keys.
  [
    0xfe50,
    "dead_grave dead_acute dead_circumflex dead_tilde dead_macron dead_breve dead_abovedot dead_diaeresis dead_abovering dead_doubleacute dead_caron dead_cedilla dead_ogonek dead_iota",
  ],
  // Media and application keys.
  [
    0x1008ff02,
    "XF86MonBrightnessUp XF86MonBrightnessDown XF86KbdLightOnOff XF86KbdBrightnessUp XF86KbdBrightnessDown",
  ],
  [
    0x1008ff10,
    "XF86Standby XF86AudioLowerVolume XF86AudioMute XF86AudioRaiseVolume XF86AudioPlay XF86AudioStop XF86AudioPrev XF86AudioNext XF86HomePage XF86Mail XF86Start XF86Search XF86AudioRecord XF86Calculator XF86Memo - XF86Calendar XF86PowerDown",
  ],
  [
    0x1008ff26,
    "XF86Back XF86Forward XF86Stop XF86Refresh XF86PowerOff XF86WakeUp XF86Eject XF86ScreenSaver XF86WWW XF86Sleep XF86Favorites XF86AudioPause XF86AudioMedia XF86MyComputer",
  ],
  [0x1008ff3e, "XF86AudioRewind"],
  [
    0x1008ff40,
    "XF86Launch0 XF86Launch1 XF86Launch2 XF86Launch3 XF86Launch4 XF86Launch5 XF86Launch6 XF86Launch7 XF86Launch8 XF86Launch9 XF86LaunchA XF86LaunchB",
  ],
  [0x1008ff56, "XF86Close XF86Copy XF86Cut XF86Display - XF86Documents - XF86Explorer"],
  [0x1008ff68, "XF86New - - XF86Open - XF86Paste XF86Phone"],
  [0x1008ff72, "XF86Reply XF86Reload XF86RotateWindows - - XF86Save"],
  [0x1008ff81, "XF86Tools"],
  [0x1008ff8b, "XF86ZoomIn XF86ZoomOut"],
  [0x1008ff97, "XF86AudioForward"],
  [0x1008ffa7, "XF86Suspend"],
  [0x1008ffb2, "XF86AudioMicMute"],
];

/** Every keysym that has a name here, by its name as X spells it. */
export const keysyms: ReadonlyMap<string, number> = new Map(
  runs.flatMap(([first, names]) =>
    names
      .split(" ")
      .map((name, at): [string, number] => [name, first + at])
      .filter(([name]) => name !== "-"),
  ),
);

/** The name of each keysym as X spells it. */
export const keysymNames: ReadonlyMap<number, string> = new Map(
  [...keysyms].map(([name, keysym]) => [keysym, name]),
);

/** The keysym of a name of `keysyms`. Throws a RangeError for any other: names in code are constants. */
export function keysymOf(name: string): number {
  const keysym = keysyms.get(name);
  if (keysym === undefined) throw new RangeError(`no keysym is named ${name}`);
  return keysym;
}
