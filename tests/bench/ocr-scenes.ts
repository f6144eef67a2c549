/** What a person has on the screen, and what of it can be read. */
export interface Scene {
  name: string;
  kind: "terminal" | "toolkit";
  /** A line for the shell in the workstation that opens its window. */
  open: string;
  /** What the title of its window contains. */
  title: string;
  /** Size of the window's inside; absent: maximized. */
  size?: { width: number; height: number };
  /** Texts that it shows; null: those that the terminal says it shows. */
  shows: readonly string[] | null;
}

/** Where the text lies in the workstation. */
export const listing = "/tmp/listing.txt";
export const letter = "/tmp/letter.txt";

/** Prose with numbers, addresses and quotes, short enough for a window. */
export const letterLines = [
  "Dear Ms Okafor,",
  "thank you for your order no. 48213 of 17 March.",
  'We have shipped 3 boxes of "Blue Jasmine" (0.5 kg each).',
  "They will arrive on Tuesday, between 9:30 and 14:15.",
  "The price is 67.90 EUR, which includes 19% VAT.",
  "Please write to support@example.org if anything is missing.",
  "Track it under https://example.org/parcels?id=7Q2-XK",
  "With kind regards, Jonas Weber",
];

const dialogTexts = [
  "Do you want to save the changes to report.txt before closing?",
  "If you do not save, 12 changes will be lost for ever.",
];
const editorMenus = ["File", "Edit", "Search", "View", "Document", "Help"];
const qtMenus = ["File", "Edit", "Options", "Search", "Help"];
const small = { width: 900, height: 500 };

/** A terminal that shows the listing, in these colours. */
function terminal(name: string, flags: string): Scene {
  const open = `xterm ${flags} -T 'read ${name}' -e sh -c 'cat ${listing}; exec sleep 600'`;
  return { name: `terminal, ${name}`, kind: "terminal", open, title: `read ${name}`, shows: null };
}

function zenity(name: string, environment: string): Scene {
  const texts = dialogTexts.map((text) => `${text}`).join("\\n");
  return {
    name: `dialog (GTK 4), ${name}`,
    kind: "toolkit",
    open: `${environment} zenity --question --title 'ask ${name}' --text '${texts}' --ok-label 'Save all' --cancel-label 'Discard'`,
    title: `ask ${name}`,
    shows: [...dialogTexts, "Save all", "Discard"],
  };
}

function editor(name: string, environment: string): Scene {
  return {
    name: `editor (GTK 3), ${name}`,
    kind: "toolkit",
    open: `cp ${letter} /tmp/gtk-${name}.txt; ${environment} mousepad --disable-server /tmp/gtk-${name}.txt`,
    title: `gtk-${name}.txt`,
    size: small,
    shows: [...letterLines, ...editorMenus],
  };
}

function qtEditor(name: string, environment: string): Scene {
  return {
    name: `editor (Qt 6), ${name}`,
    kind: "toolkit",
    open: `cp ${letter} /tmp/qt-${name}.txt; ${environment} featherpad --standalone /tmp/qt-${name}.txt`,
    title: `qt-${name}.txt`,
    size: small,
    shows: [...letterLines, ...qtMenus],
  };
}

export const scenes: readonly Scene[] = [
  terminal("dark", ""),
  terminal("light", "-bg white -fg black -cr black"),
  zenity("light", "ADW_DEBUG_COLOR_SCHEME=prefer-light"),
  zenity("dark", "ADW_DEBUG_COLOR_SCHEME=prefer-dark"),
  editor("light", "GTK_THEME=Adwaita"),
  editor("dark", "GTK_THEME=Adwaita:dark"),
  qtEditor("light", ""),
];
