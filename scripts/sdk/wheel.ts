import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TOML } from "bun";
import { zipSync } from "fflate";

interface Project {
  name: string;
  version: string;
  description: string;
  "requires-python": string;
  license: string;
}

/**
 * The wheel of a Python package that lies in a folder beside its pyproject.toml, as PEP 427 has it. The
 * same files give the same bytes. So pip installs it without a network and without a build.
 */
export function wheelOf(folder: string): { name: string; bytes: Uint8Array } {
  const text = readFileSync(join(folder, "pyproject.toml"), "utf8");
  const { project } = TOML.parse(text) as { project: Project };
  const info = `${project.name}-${project.version}.dist-info`;
  const files: Record<string, Uint8Array> = {};
  for (const name of readdirSync(join(folder, project.name)).sort()) {
    files[`${project.name}/${name}`] = readFileSync(join(folder, project.name, name));
  }
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  files[`${info}/METADATA`] = encoder.encode(metadata(project, readme));
  files[`${info}/WHEEL`] = encoder.encode(
    "Wheel-Version: 1.0\nGenerator: nexora\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
  );
  files[`${info}/licenses/LICENSE`] = readFileSync(join(folder, "LICENSE"));
  const record = Object.entries(files).map(([path, bytes]) => {
    const hash = createHash("sha256").update(bytes).digest("base64url");
    return `${path},sha256=${hash},${bytes.length}\n`;
  });
  files[`${info}/RECORD`] = encoder.encode(`${record.join("")}${info}/RECORD,,\n`);
  // A zip has the time of a clock on the wall, from 1980 on.
  const bytes = zipSync(files, { level: 9, mtime: new Date(1980, 0, 1) });
  return { name: `${project.name}-${project.version}-py3-none-any.whl`, bytes };
}

const encoder = new TextEncoder();

/** Core metadata 2.1, which every pip in use reads. */
function metadata(project: Project, readme: string): string {
  return `Metadata-Version: 2.1
Name: ${project.name}
Version: ${project.version}
Summary: ${project.description}
License: ${project.license}
Requires-Python: ${project["requires-python"]}
Description-Content-Type: text/markdown

${readme}`;
}
