// The header shared with C and the TypeScript code that packs data for it agree.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NO_LATENCY, ROW } from '../../../src/model/batch.js'
import {
  ABI,
  CGROUP_CONTAINER,
  CGROUPS,
  CONFIG,
  COUNT,
  DESC,
  DESC_BYTES,
  FDS,
  JUDGES,
  KIND,
  LOOKUP,
  OPENED,
  OPS,
  PLAN_BYTES,
  PLAN_HEAD,
  PLAN_SLOTS,
  SLOT_BYTES,
  SPECIALS,
  TUPLE,
} from '../../../src/schema/abi.js'
import { CODE } from '../../../src/schema/codes.js'
import { eventsByName } from '../../../src/schema/events/index.js'
import { SHARED } from '../../../src/schema/events/internal.js'
import { LOSSES } from '../../../src/schema/losses.js'
import { IN_FLIGHT, MAX_NR, MAX_SLOTS, MAX_VALUES, VERDICT } from '../../../src/source/plan.js'
import { PROCINFO_BYTES, TASK_BYTES } from '../../../src/source/records.js'

const native = new URL('../../../native/', import.meta.url).pathname

/** Values of C expressions over abi.h. */
function values(expressions: readonly string[]): number[] {
  const dir = mkdtempSync(join(tmpdir(), 'ksys-abi-'))
  try {
    const lines = expressions.map((e) => `printf("%lld\\n", (long long)(${e}));`).join('\n')
    const source = `#include <stdio.h>\n#include <stddef.h>\n#include "${native}abi.h"\nint main(void) {\n${lines}\nreturn 0; }`
    writeFileSync(join(dir, 'a.c'), source)
    execFileSync('cc', ['-o', join(dir, 'a'), join(dir, 'a.c')])
    return execFileSync(join(dir, 'a'), { encoding: 'utf8' }).trim().split('\n').map(Number)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The code of the event at a call's end. */
const exitOf = (call: string) => eventsByName(call).find((code) => (code & 1) === 1) ?? -1
const prefixed = (prefix: string, table: Readonly<Record<string, number>>) =>
  Object.entries(table).map(([k, v]) => [`${prefix}${k}`, v] as const)

test('constants and sizes are those of native/abi.h', () => {
  const pairs: (readonly [string, number])[] = [
    ...prefixed('', ABI),
    ...prefixed('ROW_', ROW),
    ...prefixed('DESC_', DESC),
    ...prefixed('KIND_', KIND),
    ...prefixed('FDS_', FDS),
    ...prefixed('OPENED_', OPENED),
    ...prefixed('SHARED_', SHARED),
    ...OPS.map((name, i) => [`OP_${name}`, i] as const),
    ...SPECIALS.map((name, i) => [`SP_${name}`, i] as const),
    ['SP_COUNT', SPECIALS.length],
    ...['CALL', 'ENTER', 'OTHER', 'STATE'].map((name, i) => [`LOST_${name}`, i] as const),
    ['LOST_KINDS', LOSSES.length],
    ['VERDICT_DROP', VERDICT.DROP],
    ['VERDICT_PASS', VERDICT.PASS],
    ['VERDICT_SLOT', VERDICT.SLOT],
    ['KSYS_MAX_NR', MAX_NR],
    ['KSYS_MAX_SLOTS', MAX_SLOTS],
    ['KSYS_MAX_VALUES', MAX_VALUES],
    ['KS_DROP', CODE.drop],
    ['KS_SWITCH', CODE.switch],
    ['KS_PROCEXIT', CODE.procexit],
    ['KS_SIGNAL', CODE.signaldeliver],
    ['KS_PAGE_FAULT', CODE.page_fault],
    ['KS_URING', CODE.io_uring_complete],
    ['KS_OOM_KILL', CODE.oomkill],
    ['KS_FORK', CODE.ks_fork],
    ['KS_EXEC', CODE.ks_exec],
    ['KS_RENAME', CODE.ks_rename],
    ['KS_FD', CODE.ks_fd],
    ['KS_CWD', CODE.ks_cwd],
    ['KS_CREDS', CODE.ks_creds],
    ['KS_TIMES', CODE.ks_times],
    ['KS_FDS', CODE.ks_fds],
    ['KS_CGROUP', CODE.ks_cgroup],
    ['KS_CGROUPS', CODE.ks_cgroups],
    ['KS_PIDNS', CODE.ks_pidns],
    ['KS_INFLIGHT', CODE.ks_inflight],
    ['KS_COUNTED', CODE.ks_counted],
    ['KS_BOUND', CODE.ks_bound],
    ['KS_BIND', CODE.bind],
    ['KS_EXECVE', exitOf('execve')],
    ['KS_EXECVEAT', exitOf('execveat')],
    ['KS_LISTEN', CODE.listen],
    ...prefixed('COUNT_', COUNT),
    ['sizeof(struct ksys_program_counter)', 8 * 8 + 4 * 16],
    ['KSYS_CGROUP_CONTAINER', CGROUP_CONTAINER],
    ['CGROUPS_SOME', CGROUPS.SOME],
    ['CGROUPS_ALL', CGROUPS.ALL],
    ['JUDGES_THREADS', JUDGES.THREADS],
    ['JUDGES_LINEAGE', JUDGES.LINEAGE],
    ['INFLIGHT_FILTERED', IN_FLIGHT.FILTERED],
    ['INFLIGHT_ALL', IN_FLIGHT.ALL],
    ['sizeof(struct ksys_rec)', 40],
    ['sizeof(struct ksys_desc)', DESC_BYTES],
    ['sizeof(struct ksys_slot)', SLOT_BYTES],
    ['sizeof(struct ksys_plan)', PLAN_BYTES],
    ['offsetof(struct ksys_plan, hierarchies)', 42],
    ['offsetof(struct ksys_plan, lookups)', 54],
    ['offsetof(struct ksys_plan, verdicts)', PLAN_HEAD],
    ['offsetof(struct ksys_plan, slots)', PLAN_SLOTS],
    ...prefixed('KSYS_LOOKUP_', LOOKUP),
    ['sizeof(struct ksys_config)', CONFIG.BYTES],
    ['offsetof(struct ksys_config, descs)', CONFIG.DESCS],
    ['offsetof(struct ksys_config, enters)', CONFIG.ENTERS],
    ['offsetof(struct ksys_config, compat_nr)', CONFIG.COMPAT],
    ['offsetof(struct ksys_config, plan)', CONFIG.PLAN],
    ['sizeof(struct ksys_task)', TASK_BYTES],
    ['sizeof(struct ksys_procinfo)', PROCINFO_BYTES],
    ['sizeof(struct ksys_file)', 104],
  ]
  const c = values(pairs.map(([e]) => e))
  expect(Object.fromEntries(pairs.map(([e], i) => [e, c[i]]))).toEqual(Object.fromEntries(pairs))
  expect(NO_LATENCY).toBe(-1)
})

test('tuple flags are those of native/bpf/sock.h', () => {
  const text = readFileSync(`${native}bpf/sock.h`, 'utf8')
  for (const [name, value] of Object.entries(TUPLE)) expect(text).toContain(`#define TUPLE_${name} ${value}\n`)
})
