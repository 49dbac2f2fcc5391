// Alerts on standard output.
import type { Channel } from './channel.js'
import { type Formatted, joinAlerts } from './output.js'

export class StdoutChannel implements Channel {
  readonly most = 1000
  readonly atOnce = 1

  constructor(private readonly write: (bytes: Uint8Array) => Promise<void> | void) {}

  async send(alerts: readonly Formatted[]): Promise<void> {
    await this.write(Buffer.from(joinAlerts(alerts)))
  }
}
