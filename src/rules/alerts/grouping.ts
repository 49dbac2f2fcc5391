// Alerts that are alike as one: the first of a group goes at once; what follows within the window is counted and told by one more
// when the window ends. Nothing is left out silently.
import type { Alert, AlertValue } from '../rule.js'
import { iso8601, timeOfDay } from './time.js'

/**
 * The fields by which alerts of one rule are alike unless others are chosen: one program in one container does it again, whatever
 * its process and the time are.
 */
export const DEFAULT_GROUPING = ['proc.name', 'container.id'] as const

/** ns from the first alert of a group to the end of its window, unless another window is chosen */
export const DEFAULT_WINDOW = 60_000_000_000n

/** groups that are open at once; with one more the oldest ends early */
const MOST = 10_000

export interface GroupingOptions {
  /** ns from the first alert of a group to its last */
  readonly window: bigint
  /** times in texts are ISO 8601, in UTC */
  readonly isoTime: boolean
  /** groups that may be open at once */
  readonly most?: number
}

/** One group while its window is open. */
interface Group {
  readonly first: Alert
  readonly ends: bigint
  /** alerts after the first, and the time of the latest */
  count: number
  last: bigint
}

export class Grouping {
  /** alerts that were counted instead of handed on */
  joined = 0
  /** oldest first: all windows are equally long */
  private readonly groups = new Map<string, Group>()

  /** send: is given what goes on. */
  constructor(
    private readonly options: GroupingOptions,
    private readonly send: (alert: Alert) => void,
  ) {}

  /** Takes an alert: sends it, or counts it. One without a group is sent. */
  take(alert: Alert): void {
    const { group: name, time } = alert
    if (name === undefined) {
      this.send(alert)
      return
    }
    this.tick(time)
    const group = this.groups.get(name)
    if (group !== undefined) {
      this.joined++
      group.count++
      if (time > group.last) group.last = time
      return
    }
    const { window, most = MOST } = this.options
    if (this.groups.size >= most) this.endOldest()
    this.groups.set(name, { first: alert, ends: time + window, count: 0, last: time })
    this.send(alert)
  }

  /** Ends the windows that are over. now: ns since 1970, of the capture where a file is read. */
  tick(now: bigint): void {
    for (const [name, group] of this.groups) {
      if (group.ends > now) return
      this.end(name, group)
    }
  }

  /** Ends all windows: what was counted is told. */
  flush(): void {
    for (const [name, group] of this.groups) this.end(name, group)
  }

  private endOldest(): void {
    for (const [name, group] of this.groups) {
      this.end(name, group)
      return
    }
  }

  private end(name: string, group: Group): void {
    this.groups.delete(name)
    if (group.count > 0) this.send(this.repeated(group))
  }

  /** The alert that stands for those that were counted: at the time of the latest, with how many there were. */
  private repeated({ first: { group: _, ...first }, count, last }: Group): Alert {
    const fields = new Map<string, AlertValue>(first.fields)
    fields.set('alert.repeated', count)
    fields.set('alert.first_time', first.time)
    fields.set('alert.last_time', last)
    const time = this.options.isoTime ? iso8601 : timeOfDay
    const text = `${first.text} [${count} more like it, first ${time(first.time)}, last ${time(last)}]`
    return { ...first, time: last, text, fields }
  }
}
