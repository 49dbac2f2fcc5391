// All subcommands: their usage, options and notes. Help, manual and completion derive from them; `../main.ts` runs them.
import { ADVISE_OPTIONS } from './advise.js'
import { CUT_OPTIONS } from './cut.js'
import { DIFF_OPTIONS } from './diff.js'
import { INFO_OPTIONS } from './info.js'
import { MERGE_OPTIONS } from './merge.js'
import { METRICS_OPTIONS } from './metrics.js'
import { DUMP_OPTIONS, RECORD_OPTIONS } from './record.js'
import { REDACT_OPTIONS } from './redact.js'
import { type Refusals, refusing } from './refusals.js'
import { REPORT_OPTIONS } from './report.js'
import { RULES_OPTIONS } from './rules.js'
import { SQL_OPTIONS } from './sql.js'
import { type Subcommand, shared } from './subcommand.js'
import { UI_OPTIONS } from './ui.js'

/** Exit codes of the subcommands that read files. */
const READ = [0, 1, 2, 4, 5, 6]
const READING = [...READ, '128 + N']
const READING_LIVE = [0, 1, 2, 3, 4, 5, 6]

const ONLY_HELP = shared('help')

/** Refusals of the subcommands that only read files. */
const READS_FILES: Refusals = {
  ...refusing('ceilings', 'it captures nothing'),
  ...refusing('live', 'it captures nothing: what a file contains was decided when it was written'),
}
const CUT_FIRST = 'ksys cut FILE --since WHEN --until WHEN -w PART writes a time range to a file of its own'
const NO_RULES = 'ksys rules -f RULES -r FILE shows which rules fire for a capture'

export const ADVISE: Subcommand<typeof ADVISE_OPTIONS> = {
  word: 'advise',
  summary: 'make and test seccomp profiles from recorded calls',
  usage: [
    [
      'ksys advise seccomp [FILTER] [-r FILE... | -- CMD [ARGS]]',
      'record which calls containers need, and print a seccomp profile for them',
    ],
    [
      'ksys advise check PROFILE -r FILE [FILTER]',
      'print the calls of a capture that a profile would have refused; PROFILE may be docker, the default profile of Docker',
    ],
    [
      'ksys advise heal PROFILE -r FILE [FILTER]',
      'list the calls that a profile lacks, from a capture of a run under the profile',
    ],
  ],
  options: ADVISE_OPTIONS,
  refuses: {
    snaplen: 'it records none of the data of calls',
    'no-structs': 'it records none of the data of calls',
    attach: 'it records calls of all kinds',
    enter: 'it records calls when they end',
    switches: 'it records only calls',
    'page-faults': 'it records only calls',
    stacks: 'it does not record by stack',
    'until-eof': '-M or a signal ends it',
    numevents: '-M or a signal ends it',
    rules: 'a filter selects the containers and programs',
  },
  rest: 'command',
  exit: [...READING_LIVE, 7, '128 + N', 'other'],
  notes: [
    'A live run ends with Ctrl-C or after -M. Without a filter, all containers are recorded; a filter such as container.name=web selects some, and can also select programs outside of containers.',
    'ksys applies no profile: it prints how to apply one, to watch it and to return. A profile logs calls that it does not list, unless it is written with --enforce.',
    'The exit code of check is 7 if the profile refuses a call.',
  ],
  topic: 'advise',
}

export const CUT: Subcommand<typeof CUT_OPTIONS> = {
  word: 'cut',
  summary: 'write a part of a capture file',
  usage: [
    [
      'ksys cut FILE -w OUT [FILTER]',
      'write a part of a capture file: the events between --since and --until that pass the filter',
    ],
  ],
  options: CUT_OPTIONS,
  refuses: READS_FILES,
  rest: 'file',
  exit: READING,
  notes: [
    'Events keep their numbers and times. The names of their processes, descriptors and containers are written, too.',
  ],
  topic: 'traces-and-recorder',
}

export const DIFF: Subcommand<typeof DIFF_OPTIONS> = {
  word: 'diff',
  summary: 'compare two runs of a command',
  usage: [
    [
      'ksys diff A B [FILTER]',
      'compare the calls, errors, files and latencies of two runs of a command; A and B are captures of them',
    ],
  ],
  options: DIFF_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', `it compares whole captures: ${CUT_FIRST}`),
    rules: 'ksys rules test --diff compares alerts',
  },
  rest: 'file',
  exit: [...READ, 7, '128 + N'],
  notes: [
    'Capture a run with ksys -w A -- COMMAND. A filter, such as proc.name=make, applies to both captures.',
    'What is new in B comes first: errors, files and calls that A does not have. So let A be the good run.',
  ],
  topic: 'traces-and-recorder',
}

export const INFO: Subcommand<typeof INFO_OPTIONS> = {
  word: 'info',
  summary: 'what a capture file holds; --host: what this kernel supports',
  usage: [
    ['ksys info FILE...', 'describe captures: host, time span, events, losses, processes, damage'],
    [
      'ksys info --host',
      'check what this machine can capture; without root, only by the type information (BTF) of the kernel',
    ],
  ],
  options: INFO_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', `it describes whole captures: ${CUT_FIRST}`),
    rules: NO_RULES,
  },
  rest: 'file',
  exit: READING,
  topic: 'traces-and-recorder',
}

export const MERGE: Subcommand<typeof MERGE_OPTIONS> = {
  word: 'merge',
  summary: 'join captures of several hosts into one',
  usage: [['ksys merge A B... -w C', 'merge captures of several hosts into one trace, ordered by time']],
  options: MERGE_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', `it merges whole captures: ${CUT_FIRST}`),
    rules: NO_RULES,
  },
  rest: 'file',
  exit: READING,
  notes: [
    'Each host keeps its own processes, users and containers, even if names are the same on another host. The field host.name becomes a column. If the clocks of the hosts differ, effects can appear before causes: correct them with --shift.',
    'ksys cut C -w D host.name=NAME extracts the trace of one host.',
  ],
  topic: 'traces-and-recorder',
}

export const METRICS: Subcommand<typeof METRICS_OPTIONS> = {
  word: 'metrics',
  summary: 'count calls for Prometheus or OpenTelemetry',
  usage: [
    [
      'ksys metrics [FILTER] [-r FILE | -- CMD [ARGS]]',
      'count calls, errors, bytes and latencies by container, pod, program and call, and print them for Prometheus',
    ],
    ['ksys metrics --listen PORT [FILTER]', 'serve the metrics to Prometheus at http://127.0.0.1:PORT/metrics'],
  ],
  options: METRICS_OPTIONS,
  refuses: {
    snaplen: 'it counts calls and records none of their data',
    'no-structs': 'it counts calls and records none of their data',
    enter: 'it counts calls when they end',
    switches: 'it counts only calls',
    'page-faults': 'it counts only calls',
    stacks: 'it does not count calls by stack: ksys -c stacks does',
    'until-eof': '-M or a signal ends it',
    until: '-M sets how long it counts after --since',
    numevents: '-M or a signal ends it',
    rules: 'ksys rules counts alerts for Prometheus (webserver in falco.yaml)',
  },
  rest: 'command',
  exit: [...READING_LIVE, '128 + N', 'other'],
  notes: [
    'A filter selects the calls to count. Calls are counted when they end. A live run ends with Ctrl-C or after -M. Fewer labels (--by), fewer buckets or a filter reduce the number of series.',
    'Nothing is sent anywhere without --otlp, and no port is opened without --listen.',
  ],
  topic: 'metrics',
}

export const RECORD: Subcommand<typeof RECORD_OPTIONS> = {
  word: 'record',
  summary: 'keep the last minutes in memory until something happens',
  usage: [
    [
      'ksys record [FILTER] --last 60s -w NAME [-- CMD [ARGS]]',
      'keep the newest events in memory, and write them to a file on --trigger, SIGUSR1 or ksys dump',
    ],
  ],
  options: RECORD_OPTIONS,
  refuses: {
    since: 'it records from now on: --last sets how much is retained',
    until: 'it records from now on: --last sets how much is retained',
    numevents: 'it records from now on: --last sets how much is retained',
    'until-eof': '-M or a signal ends it',
  },
  rest: 'command',
  exit: [0, 1, 2, 3, 6, 'other'],
  notes: [
    'Each dump is a file of its own, with the events before and after that time. Nothing else is written. For example:',
    'ksys record proc.name=nginx --last 60s --trigger "evt.type=procexit and evt.arg.ret != 0" -w nginx.ksys',
  ],
  topic: 'traces-and-recorder',
}

export const DUMP: Subcommand<typeof DUMP_OPTIONS> = {
  word: 'dump',
  summary: 'make a recorder write its memory to a file',
  usage: [
    [
      'ksys dump [PID]',
      'make a recorder write its memory to a file, and print the name of the file once it is complete',
    ],
  ],
  options: DUMP_OPTIONS,
  refuses: refusing('all', 'it controls a running recorder: the options of ksys record decide what is recorded'),
  rest: 'none',
  exit: [0, 1, 2],
  notes: ["Each user has their own recorders. To reach another user's, root runs sudo -u USER ksys dump."],
  topic: 'traces-and-recorder',
}

export const REDACT: Subcommand<typeof REDACT_OPTIONS> = {
  word: 'redact',
  summary: 'remove secrets from a capture file',
  usage: [
    [
      'ksys redact FILE -w OUT',
      'copy a capture file without data, environments, arguments or the values that a --redact file specifies',
    ],
  ],
  options: REDACT_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', 'it writes the whole capture: ksys cut takes the privacy options, too'),
    rules: NO_RULES,
  },
  rest: 'file',
  exit: READING,
  notes: [
    'A line of a --redact file names fields, an action (hash, mask or drop), and between slashes the part of the value to change. For example:',
    'proc.env mask /(?:PASS|TOKEN)\\w*=(.*)/i',
  ],
  topic: 'privacy',
}

const RECORDS = 'ksys -w FILE -- CMD records them'

export const REPORT: Subcommand<typeof REPORT_OPTIONS> = {
  word: 'report',
  summary: 'show on one page what a command did',
  usage: [
    [
      'ksys report [FILTER] [-r FILE | -- CMD [ARGS]]',
      'show on one page what a command did: programs, files, hosts, secrets that it opened, refused calls, privileges',
    ],
    [
      'ksys report --expect FILE -- CMD [ARGS]',
      'compare with the report of an earlier run, and exit with 7 if anything is new',
    ],
  ],
  options: REPORT_OPTIONS,
  refuses: {
    'no-structs': 'it records no structures',
    attach: 'it records calls of many kinds',
    enter: 'it shows calls that have ended',
    switches: `it shows only calls: ${RECORDS} too, with --switches`,
    'page-faults': `it shows only calls: ${RECORDS} too, with --page-faults`,
    stacks: `it shows no stacks: ${RECORDS} too, with --stacks`,
    'until-eof': 'the end of the command, -M or a signal ends it',
    numevents: '-M sets how long it captures',
    rules: NO_RULES,
  },
  rest: 'command',
  exit: [...READING_LIVE, 7, '128 + N', 'other'],
  notes: [
    'Without a command and -r, it reports on the whole machine, or on what the filter selects, until Ctrl-C. The working folder of a capture is that of its first program, if all other programs descend from it.',
    'The report contains no environments, and without --show-secrets neither arguments of programs nor queries of requests. Paths of secrets are shown, their contents never.',
    'A report is new in comparison to another if it has a program, file, host, secret, refused call or privilege that the other does not have. Process ids, temporary names, hashes, dates and chosen ports do not count.',
  ],
  topic: 'reports',
}

export const RULES: Subcommand<typeof RULES_OPTIONS> = {
  word: 'rules',
  summary: "evaluate, explain and test Falco's rules",
  usage: [
    ['ksys rules -f FILE [-r CAPTURE]', 'evaluate Falco rules on this machine or on a capture, and print alerts'],
    [
      'ksys rules explain RULE -f FILE [-r CAPTURE]',
      'show a rule with its macros expanded and where each part is evaluated, and with -r how often it fires and what it costs',
    ],
    ['ksys rules suggest -f FILE [-r CAPTURE]', 'suggest exceptions for repeated alerts, as a rules file to review'],
    [
      'ksys rules test FOLDER -f FILE',
      'check that each capture in FOLDER fires the rules that the file NAME.alerts beside it lists',
    ],
    [
      'ksys rules test --diff OLD NEW -r CAPTURE',
      'show the alerts for a capture that only one of two sets of rules produces',
    ],
  ],
  options: RULES_OPTIONS,
  refuses: {
    'no-structs': 'structures are recorded if a condition or an output needs them',
    enter: 'the events that conditions need are captured automatically',
    switches: 'the events that conditions need are captured automatically',
    'page-faults': 'the events that conditions need are captured automatically',
    stacks: 'stacks are recorded if an output contains %evt.stack',
    'until-eof': '-M or a signal ends it',
    since: `it evaluates whole captures: ${CUT_FIRST}`,
    until: `it evaluates whole captures: ${CUT_FIRST}`,
    numevents: `it evaluates whole captures: ${CUT_FIRST}`,
    rules: '-f names the rules',
  },
  rest: 'file',
  exit: [...READING_LIVE, 7, '128 + N'],
  notes: [
    'Arguments that are not options are rules files, too. With --check, the exit code is 0 if the rules can be used, even with warnings, and 2 if they contain errors.',
    'Rules are read again on SIGHUP and when their files change. On an error the previous rules stay active.',
    'When root runs rules, files that other users can change are rejected. --check, -L and -l read them.',
  ],
  topic: 'rules',
}

export const SQL: Subcommand<typeof SQL_OPTIONS> = {
  word: 'sql',
  summary: 'query captures in SQL',
  usage: [
    [
      "ksys sql 'select ... from events' -r FILE",
      'query captures, or the Parquet files of --to parquet, in SQL (requires DuckDB)',
    ],
  ],
  options: SQL_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', 'the query selects the rows: where evt_time between ..., limit N'),
    rules: NO_RULES,
  },
  rest: 'file',
  exit: [...READING_LIVE, '128 + N'],
  notes: [
    'The table events has a row for each event. Its columns are fields with underscores, such as proc_name and evt_latency_ns; the query "describe events" lists them. For example:',
    "ksys sql 'select proc_name, count(*) from events where evt_failed group by all order by 2 desc' -r FILE",
    'Each run converts a capture first. For several queries, convert it once: ksys -r FILE -w FILE.parquet.',
    'The result is a table on a terminal, CSV in a pipe or file, and JSON lines with -j. If ksys is installed globally, npm install -g @duckdb/node-api installs DuckDB.',
  ],
  topic: 'exports-and-fleet',
}

export const UI: Subcommand<typeof UI_OPTIONS> = {
  word: 'ui',
  summary: 'the terminal UI',
  usage: [['ksys ui [FILTER]', 'the terminal UI for this machine, or with -r for a capture file']],
  options: UI_OPTIONS,
  refuses: {
    'max-memory': '--last limits the memory that it uses for events',
    'no-structs': 'its pages show the structures of calls',
    'suppress-comm': 'a filter excludes programs: proc.name != NAME',
    enter: 'the view inflight shows calls in progress',
    attach: 'its views show all calls',
    switches: 'its views show calls: ksys -w FILE --switches captures switches, and -r FILE shows them',
    'page-faults': 'its views show calls: ksys -w FILE --page-faults captures faults, and -r FILE shows them',
    self: 'its own calls would hide those of other programs',
    'until-eof': 'its standard input is the keyboard',
    since: 'a filter selects a time, such as evt.reltime > 5s',
    until: 'a filter selects a time, such as evt.reltime < 5s',
    numevents: 'it runs until you quit; --lines sets how many rows --plain prints',
    seconds: 'it runs until you quit',
  },
  rest: 'filter',
  exit: [0, 1, 2, 3, 4],
  topic: 'terminal-ui',
}

export const WAIT: Subcommand<typeof ONLY_HELP> = {
  word: 'wait',
  summary: 'wait for a signal, in containers',
  usage: [['ksys wait', 'wait for a signal, in a container where ksys is run with exec']],
  options: ONLY_HELP,
  refuses: refusing('all', 'it captures and reads nothing'),
  rest: 'none',
  exit: [0, 2],
  topic: 'containers-and-kubernetes',
}

export const CHISEL: Subcommand<typeof ONLY_HELP> = {
  word: 'chisel',
  summary: 'write an example chisel',
  usage: [['ksys chisel new NAME', 'write an example chisel to ~/.config/ksys/chisels, where -c NAME finds it']],
  options: ONLY_HELP,
  refuses: refusing('all', 'it captures and reads nothing'),
  rest: 'none',
  exit: [0, 2, 6],
  notes: [
    'A NAME with a slash, such as ./NAME, is a path. Existing files are not overwritten. NAME.ts is TypeScript, NAME.mjs JavaScript; without an extension it is TypeScript if this Node.js runs it.',
  ],
  topic: 'chisels',
}

/** All subcommands in the order of help and manual. */
export const SUBCOMMANDS: readonly Subcommand[] = [
  INFO,
  CUT,
  MERGE,
  DIFF,
  METRICS,
  RECORD,
  DUMP,
  RULES,
  ADVISE,
  REDACT,
  REPORT,
  SQL,
  UI,
  CHISEL,
  WAIT,
]
