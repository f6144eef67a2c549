/**
 * A process that offers a workstation an echo, as a daemon would, until it is killed. Its arguments:
 * the instance, the runner's token and the workstation's reference as JSON.
 */
import { tmpdir } from "node:os";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import type { WorkstationRef } from "../../daemon/drivers/driver.ts";
import type { Service } from "../../daemon/tunnel/service.ts";
import { createWorkspaces } from "../../daemon/workspaces/workspaces.ts";
import { openTunnels } from "./tunnelled.ts";
import { openDriver, TestPorts } from "./workstations.ts";

const [instance = "", token = "", ref = ""] = process.argv.slice(2);
const echo: Service = {
  name: "echo",
  port: 9000,
  async connect(_, stream) {
    for await (const bytes of stream) await stream.write(bytes);
  },
};
const workspaces = createWorkspaces({ home: tmpdir() });
const ports = new TestPorts();
const driver = await openDriver({ docker: connectDocker(), instance, workspaces, ports });
openTunnels(driver, JSON.parse(ref) as WorkstationRef, token, [echo]);
// Whoever has started it may be killed, too.
await Bun.stdin.bytes();
process.exit();
