// evt.*: the time of an event, intervals to earlier events, and the latency of the call.
import { NO_LATENCY, ROW } from '../model/batch.js'
import type { Event } from '../model/event.js'
import { Clock, humanSpan, nineDigits, spanText } from './clock.js'
import { type FieldContext, field, type Getter } from './field.js'

const NS = 1e9

/** ns since the first shown event of the capture. */
function sinceFirst(ctx: FieldContext): (e: Event) => number {
  let seen: number | undefined
  return (e) => {
    const start = seen ?? ctx.first?.time ?? e.time
    seen = start
    return e.time - start
  }
}

/** ns since the previous event that this getter was evaluated for; 0 for the first one. */
function sinceLast(): (e: Event) => number {
  let last = Number.NaN
  return (e) => {
    const now = e.time
    const delta = now - last
    last = now
    return Number.isNaN(delta) ? 0 : delta
  }
}

/**
 * Duration of a call in ns, so far for a call in progress: absent if its start was not seen; 0 for events that do not
 * end a call.
 */
function latency(e: Event): number | undefined {
  if ((e.type & 1) === 0 && (e.flags & ROW.IN_FLIGHT) === 0) return 0
  const l = e.batch.latency[e.row] as number
  return l === NO_LATENCY ? undefined : l
}

function outputTime(ctx: FieldContext): Getter<string> {
  const clock = new Clock(ctx.info)
  switch (ctx.format.timeStyle) {
    case 'h':
      return (e) => `${clock.set(e.time).time()}.${nineDigits(clock.ns)}`
    case 'a':
      return (e) => `${clock.set(e.time).sec}.${nineDigits(clock.ns)}`
    case 'r': {
      const delta = sinceFirst(ctx)
      return (e) => spanText(delta(e))
    }
    case 'd':
      return (e) => spanText(e.latency ?? 0)
    case 'D': {
      const delta = sinceLast()
      return (e) => spanText(delta(e))
    }
  }
}

/** A getter that needs the wall-clock time of the event. */
const atClock =
  <T extends string | bigint>(text: (c: Clock) => T) =>
  (ctx: FieldContext): Getter<T> => {
    const clock = new Clock(ctx.info)
    return (e) => text(clock.set(e.time))
  }

export const fields = {
  'evt.num': field({
    type: 'uint64',
    doc: 'Number of the event, counted from 1.',
    cost: 1,
    rowOnly: 'each',
    property: 'num',
    make: () => (e) => e.num,
  }),
  'evt.time': field({
    type: 'string',
    doc: 'Local time of day with nanoseconds.',
    cost: 64,
    rowOnly: 'each',
    json: 'evt.rawtime',
    make: atClock((c) => `${c.time()}.${nineDigits(c.ns)}`),
  }),
  'evt.time.s': field({
    type: 'string',
    doc: 'Local time of day, whole seconds.',
    cost: 16,
    rowOnly: 'each',
    json: 'evt.rawtime',
    make: atClock((c) => c.time()),
  }),
  'evt.time.iso8601': field({
    type: 'string',
    doc: 'Date and time in UTC, ISO 8601 with nanoseconds.',
    cost: 64,
    rowOnly: 'each',
    json: 'evt.rawtime',
    make: atClock((c) => c.iso8601()),
  }),
  'evt.datetime': field({
    type: 'string',
    doc: 'Local date and time with nanoseconds.',
    cost: 64,
    rowOnly: 'each',
    json: 'evt.rawtime',
    make: atClock((c) => `${c.date()} ${c.time()}.${nineDigits(c.ns)}`),
  }),
  'evt.datetime.s': field({
    type: 'string',
    doc: 'Local date and time, whole seconds.',
    cost: 64,
    rowOnly: 'each',
    json: 'evt.rawtime',
    make: atClock((c) => `${c.date()} ${c.time()}`),
  }),
  'evt.outputtime': field({
    type: 'string',
    doc: 'Time in the style chosen with -t.',
    filter: false,
    cost: 64,
    rowOnly: 'each',
    json: 'evt.rawtime',
    make: outputTime,
  }),
  'evt.rawtime': field({
    type: 'abstime',
    doc: 'Time in nanoseconds since the epoch.',
    cost: 16,
    rowOnly: 'each',
    property: 'rawtime',
    make: atClock((c) => c.epoch()),
  }),
  'evt.rawtime.s': field({
    type: 'abstime',
    doc: 'Time in whole seconds since the epoch.',
    cost: 16,
    rowOnly: 'each',
    make: atClock((c) => BigInt(c.sec)),
  }),
  'evt.rawtime.ns': field({
    type: 'abstime',
    doc: 'Nanoseconds within the second of the time.',
    fmt: '10_padded_dec',
    cost: 16,
    rowOnly: 'each',
    make: atClock((c) => BigInt(c.ns)),
  }),
  'evt.reltime': field({
    type: 'reltime',
    doc: "Nanoseconds since the capture's first event.",
    fmt: '10_padded_dec',
    cost: 1,
    rowOnly: 'each',
    property: 'reltime',
    make: sinceFirst,
  }),
  'evt.reltime.s': field({
    type: 'reltime',
    doc: "Whole seconds since the capture's first event.",
    cost: 1,
    rowOnly: 'each',
    make: (ctx) => {
      const delta = sinceFirst(ctx)
      return (e) => Math.floor(delta(e) / NS)
    },
  }),
  'evt.reltime.ns': field({
    type: 'reltime',
    doc: "Nanoseconds within the second since the capture's first event.",
    fmt: '10_padded_dec',
    cost: 1,
    rowOnly: 'each',
    make: (ctx) => {
      const delta = sinceFirst(ctx)
      return (e) => delta(e) % NS
    },
  }),
  'evt.deltatime': field({
    type: 'reltime',
    doc: 'Nanoseconds since the previous event for which this field was evaluated.',
    cost: 1,
    rowOnly: 'each',
    needs: ['everybody', 'lines'],
    make: sinceLast,
  }),
  'evt.deltatime.s': field({
    type: 'reltime',
    doc: 'Whole seconds since the previous event.',
    cost: 1,
    rowOnly: 'each',
    needs: ['everybody', 'lines'],
    make: () => {
      const delta = sinceLast()
      return (e) => Math.trunc(delta(e) / NS)
    },
  }),
  'evt.deltatime.ns': field({
    type: 'reltime',
    doc: 'Nanoseconds within the second since the previous event.',
    fmt: '10_padded_dec',
    cost: 1,
    rowOnly: 'each',
    needs: ['everybody', 'lines'],
    make: () => {
      const delta = sinceLast()
      return (e) => delta(e) % NS
    },
  }),
  'evt.latency': field({
    type: 'reltime',
    doc: 'Duration of the call in nanoseconds; absent if its start was not seen, 0 for events that do not end a call.',
    cost: 1,
    needs: ['latency'],
    rowOnly: 'sum',
    property: 'latency',
    make: () => latency,
  }),
  'evt.latency.atleast': field({
    type: 'bool',
    doc: 'True for a call in progress that started before the capture: its latency is the time its thread has been blocked.',
    cost: 1,
    rowOnly: 'each',
    make: () => (e) => ((e.flags & ROW.IN_FLIGHT) === 0 ? undefined : (e.flags & ROW.AT_LEAST) !== 0),
  }),
  'evt.latency.s': field({
    type: 'reltime',
    doc: 'Whole seconds that the call took.',
    cost: 1,
    rowOnly: 'each',
    needs: ['latency'],
    make: () => (e) => {
      const l = latency(e)
      return l === undefined ? undefined : Math.floor(l / NS)
    },
  }),
  'evt.latency.ns': field({
    type: 'reltime',
    doc: 'Nanoseconds within the second that the call took.',
    fmt: '10_padded_dec',
    cost: 1,
    rowOnly: 'each',
    needs: ['latency'],
    make: () => (e) => {
      const l = latency(e)
      return l === undefined ? undefined : l % NS
    },
  }),
  'evt.latency.quantized': field({
    type: 'uint64',
    doc: "Logarithmic bucket of the latency, scaled to the terminal's width.",
    cost: 4,
    rowOnly: 'each',
    needs: ['latency'],
    make: (ctx) => (e) => {
      const l = latency(e)
      if (!l) return undefined
      return Math.floor((Math.min(Math.log10(l), 11) * ctx.format.columns) / 11) + 1
    },
  }),
  'evt.latency.human': field({
    type: 'string',
    doc: 'Duration of the call as a short text such as 10.3ms.',
    cost: 64,
    rowOnly: 'each',
    needs: ['latency'],
    make: () => (e) => {
      const l = latency(e)
      return l === undefined ? undefined : humanSpan(l)
    },
  }),
}
