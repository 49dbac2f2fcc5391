// Intended differences of chisels from sysdig's, each with its reason in differences.md.

/** Rows of sysdig's tables that are not compared: [output, the text after the value]. */
const THEIRS: readonly (readonly [output: RegExp, rest: RegExp])[] = [
  // reports about processes and notes about containers are not calls; a switch has no latency of its own
  [/topscalls/, /^(procinfo|container|scapevent|switch)$/],
  // descriptors without a name
  [/proc\.name_fd\.name/, /^\S*$/],
  [/fd\.name/, /^$/],
]

/** Whether a row of sysdig is excluded from the comparison. */
export function leftOut(output: string, rest: string): boolean {
  return THEIRS.some(([o, r]) => o.test(output) && r.test(rest))
}

const DIFFERENCES: readonly (readonly [output: RegExp, difference: RegExp])[] = [
  // reports about processes are counted as events
  [/proc\.name_Process_evt\.count/, /./],
  // idle processes are rows; shares are those of the whole capture; a new process counts from its start
  [/top(procs|containers)_cpu/, /^rows|\b0(\.00%)?( \||$| \(last\))/],
  [/top(procs|containers)_cpu(_pc)?\.txt/, /\d%/],
  [/mix\/chisel_topprocs_cpu\.json/, /python3/],
  // the last second of a file is shown too; JSON is valid
  [/iobytes/, /^ksys: \d\d:\d\d:\d\d in:/],
  [/iobytes_file\.json/, /./],
  // a file of less than a second has one line, for all its bytes
  [/(mix|sample)\/chisel_iobytes(_file)?\.txt/, /^sysdig: \d\d:\d\d:\d\d in:/],
  // a read whose start was not recorded gets descriptor 0
  [/container\/.*(fdbytes_by|iobytes|topprocs_file)/, /131B|128B|18\.5[45]KB|9749/],
  // names after connect
  [/curl_google\/chisel_fdcount/, /curlrc|nscd|0\.0\.0\.0|ipv6|unix/],
  [/curl_google\/.*fd\.name_Process/, /nscd|libz/],
  [/mix\/chisel_fdcount/, /NULL|unix/],
]

/** Whether a difference is intended. */
export function differs(output: string, difference: string): boolean {
  return DIFFERENCES.some(([o, d]) => o.test(output) && d.test(difference))
}
