// All subcommands: their usage, options and notes. Help, manual and completion are made from them; `../main.ts` runs them.
import { CUT_OPTIONS } from './cut.js'
import { DIFF_OPTIONS } from './diff.js'
import { INFO_OPTIONS } from './info.js'
import { MERGE_OPTIONS } from './merge.js'
import { METRICS_OPTIONS } from './metrics.js'
import { DUMP_OPTIONS, RECORD_OPTIONS } from './record.js'
import { REDACT_OPTIONS } from './redact.js'
import { type Refusals, refusing } from './refusals.js'
import { RULES_OPTIONS } from './rules.js'
import { SQL_OPTIONS } from './sql.js'
import { type Subcommand, shared } from './subcommand.js'
import { UI_OPTIONS } from './ui.js'

/** How those that read files may end. */
const READ = [0, 1, 2, 4, 5, 6]
const READING = [...READ, '128 + N']
const READING_LIVE = [0, 1, 2, 3, 4, 5, 6]

/** Of those that read files alone. */
const READS_FILES: Refusals = {
  ...refusing('ceilings', 'it captures nothing'),
  ...refusing('live', 'it captures nothing: what a file has was decided when it was written'),
}
const CUT_FIRST = 'ksys cut FILE --from WHEN --to WHEN -w PART makes a capture of a part'
const NO_RULES = 'ksys rules -f RULES -r FILE tells which rules a capture fires'

export const CUT: Subcommand = {
  word: 'cut',
  usage: [
    [
      'ksys cut FILE -w OUT [FILTER]',
      'write a part of a capture file: what lies between --from and --to and passes the filter',
    ],
  ],
  options: CUT_OPTIONS,
  refuses: READS_FILES,
  rest: 'file',
  exit: READING,
  notes: [
    'It is what ksys -r FILE -w OUT --from WHEN --to WHEN FILTER does. Events keep their numbers and times; what the names of processes, descriptors and containers in the part depend on is written too.',
  ],
}

export const DIFF: Subcommand = {
  word: 'diff',
  usage: [
    [
      'ksys diff A B [FILTER]',
      'what two runs of a command did otherwise: calls, errors, files, latencies; A and B are captures of them',
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
    'A run is captured with ksys -w A -- COMMAND. Numbers of processes are left out of paths (/proc/PID), latencies of calls are compared where both runs have ten of them, and a filter, such as proc.name=make, is asked of both.',
  ],
}

export const INFO: Subcommand = {
  word: 'info',
  usage: [
    [
      'ksys info FILE...',
      'what captures are: host, span, events, losses, processes, damage; -j for JSON, --deep reads every event',
    ],
    [
      'ksys info --host',
      'what a live capture has on this machine, feature by feature; tried with the privilege to capture',
    ],
  ],
  options: INFO_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', `it tells of whole captures: ${CUT_FIRST}`),
    rules: NO_RULES,
  },
  rest: 'file',
  exit: READING,
}

export const MERGE: Subcommand = {
  word: 'merge',
  usage: [
    [
      'ksys merge A B... -w C',
      'one trace of what several hosts did, by time; host.name is a field, and a column where there are several',
    ],
  ],
  options: MERGE_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', `it merges whole captures: ${CUT_FIRST}`),
    rules: NO_RULES,
  },
  rest: 'file',
  exit: READING,
  notes: [
    'Each host keeps its own processes, descriptors, users and containers, whatever is called alike on another one. Events are in the order of the times on the clocks of the hosts, and get new numbers; clocks that differ put effects before causes: --shift corrects them.',
    'C is read as any other trace, but not from a pipe. ksys cut C -w D host.name=NAME gives the trace of one host back.',
  ],
}

export const METRICS: Subcommand = {
  word: 'metrics',
  usage: [
    [
      'ksys metrics [FILTER] [-r FILE | -- CMD [ARGS]]',
      'calls, errors, bytes and latencies by container, pod, program and call, as the text that Prometheus reads; live until Ctrl-C or -M',
    ],
    ['ksys metrics --listen PORT [FILTER]', 'the same for Prometheus to fetch, at http://127.0.0.1:PORT/metrics'],
  ],
  options: METRICS_OPTIONS,
  refuses: {
    snaplen: 'it counts calls, and keeps none of their data',
    enter: 'it counts calls where they end',
    switches: 'it counts calls alone',
    'page-faults': 'it counts calls alone',
    stacks: 'it counts calls, wherever they come from: ksys -c stacks counts them by stack',
    'until-eof': '-M or a signal ends it',
    to: '-M says for how long it counts behind --from',
    numevents: '-M or a signal ends it',
    rules: 'ksys rules counts alerts for Prometheus (webserver in falco.yaml)',
  },
  rest: 'command',
  exit: [...READING_LIVE, '128 + N', 'other'],
  notes: [
    'Calls are counted where they end; a filter says which count. Processes of one program in one container are one series. A container has its name, or its id where no runtime knows it. A set of labels without a call for five minutes gives its place to a new one when there is no room, and what it has counted goes to other. ksys_series tells how many series there are, ksys_label_sets_folded how many sets of labels count as other: fewer labels (--by), fewer buckets or a filter leave more room.',
    'Nothing is sent anywhere, and without --listen no port is opened.',
  ],
}

export const RECORD: Subcommand = {
  word: 'record',
  usage: [
    [
      'ksys record [FILTER] --last 60s -w NAME [-- CMD [ARGS]]',
      'keep the newest events in memory; write them to a file when --trigger passes, SIGUSR1 comes or ksys dump requests it',
    ],
  ],
  options: RECORD_OPTIONS,
  refuses: {
    from: 'it keeps what happens from now on: --last says how much',
    to: 'it keeps what happens from now on: --last says how much',
    numevents: 'it keeps what happens from now on: --last says how much',
    'until-eof': '-M or a signal ends it',
  },
  rest: 'command',
  exit: [0, 1, 2, 3, 6, 'other'],
  notes: [
    'What was before that moment and what comes after goes to a file of its own: NAME-000001.ksys, or NAME with the date where it has some of %Y %m %d %H %M %S. Nothing else is written. Such as:',
    'ksys record proc.name=nginx --last 60s --trigger "evt.type=procexit and evt.arg.ret != 0" -w nginx.ksys',
    'With --config FILE SIGHUP has FILE read again: --trigger, --after and what limits the trigger change at once, with all that is in memory. As a service of systemd (Type=notify, sd_notify) it tells when it records, how much it keeps, and that it goes on (WatchdogSec).',
  ],
}

export const DUMP: Subcommand = {
  word: 'dump',
  usage: [
    ['ksys dump [PID]', 'have a recorder write what it has in memory; prints the name of the file once it is whole'],
  ],
  options: DUMP_OPTIONS,
  refuses: refusing('all', 'it talks to a recorder that runs: ksys record decided what is recorded'),
  rest: 'none',
  exit: [0, 1, 2],
  notes: [
    "Each user has recorders of their own: root reaches those that root began, and another user's with sudo -u USER ksys dump. A recorder that says nothing for 15 seconds is given up; one that works takes as long as it needs.",
  ],
}

export const REDACT: Subcommand = {
  word: 'redact',
  usage: [
    [
      'ksys redact FILE -w OUT',
      'write a capture file once more without buffers, environments, arguments or what a --redact file says',
    ],
  ],
  options: REDACT_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', 'it writes the whole capture: ksys cut takes the options of privacy, too'),
    rules: NO_RULES,
  },
  rest: 'file',
  exit: READING,
  notes: [
    'A line of a --redact file, such as: proc.env mask /(?:PASS|TOKEN)\\w*=(.*)/i names fields (several with commas; * is all), what becomes of them, and which part, between slashes.',
  ],
}

export const RULES: Subcommand = {
  word: 'rules',
  usage: [
    [
      'ksys rules -f FILE [-r CAPTURE]',
      "alerts by Falco's rules files, about this machine or a capture; --check only tells what is wrong in them",
    ],
    [
      'ksys rules explain RULE -f FILE [-r CAPTURE]',
      'what a rule is with its macros replaced, where each part of it is decided, and how often and how fast in a capture',
    ],
    [
      'ksys rules suggest -f FILE [-r CAPTURE]',
      'exceptions that would silence the alerts which come again and again, as rules to be looked through; live until Ctrl-C or -M',
    ],
    [
      'ksys rules test FOLDER -f FILE',
      'whether the captures in FOLDER make the rules fire that NAME.alerts says beside each (lines such as RULE: 2)',
    ],
    [
      'ksys rules test --diff OLD NEW -r CAPTURE',
      'the alerts about a capture that only one of two sets of rules makes',
    ],
  ],
  options: RULES_OPTIONS,
  refuses: {
    enter: 'what conditions look at is captured without being asked for',
    switches: 'what conditions look at is captured without being asked for',
    'page-faults': 'what conditions look at is captured without being asked for',
    stacks: 'an output with %evt.stack has them recorded',
    'until-eof': '-M or a signal ends it',
    from: `it judges whole captures: ${CUT_FIRST}`,
    to: `it judges whole captures: ${CUT_FIRST}`,
    numevents: `it judges whole captures: ${CUT_FIRST}`,
    rules: '-f names the rules',
  },
  rest: 'file',
  exit: [...READING_LIVE, 7, '128 + N'],
  notes: [
    'Words beside the options are rules files, too. With --check the code is 0 when the rules can be used, also with warnings, and 2 when they are wrong: each mistake is printed with the code that Falco has for it and its place, and with -j as JSON.',
    'SIGHUP has falco.yaml and the rules read again, as do changes of their files; where something is wrong, ksys says so and keeps the rules of before. Rules, their alerts and what is appended to them change at once; outputs, webserver, metrics and capture at the next start. SIGUSR1 opens files of alerts anew.',
    'Files that others than this user and root can change are not taken when root runs rules; --check, -L and -l read them.',
  ],
}

export const SQL: Subcommand = {
  word: 'sql',
  usage: [
    [
      "ksys sql 'select ... from events' -r FILE",
      'ask captures, or the Parquet files of --to parquet, in SQL; DuckDB answers, which is to be installed beside ksys',
    ],
  ],
  options: SQL_OPTIONS,
  refuses: {
    ...READS_FILES,
    ...refusing('span', 'the question chooses what counts: where evt_time between ..., limit N'),
    rules: NO_RULES,
  },
  rest: 'file',
  exit: [...READING_LIVE, '128 + N'],
  notes: [
    'The table events has a row for each event; its columns are fields with underscores: proc_name, fd_name, evt_latency_ns (describe events lists them). A capture is written as Parquet first, into a folder that is removed afterwards: for many questions make the file once, ksys -r FILE -w FILE.parquet. For example:',
    "ksys sql 'select proc_name, count(*) from events where evt_failed group by all order by 2 desc' -r FILE",
    'A terminal gets a table, a pipe or a file CSV with a header, -j JSON lines. DuckDB comes with npm install -g @duckdb/node-api, where ksys is installed globally, too.',
  ],
}

export const UI: Subcommand = {
  word: 'ui',
  usage: [
    [
      'ksys ui [FILTER]',
      'the terminal UI, of this machine or with -r FILE; ksys ui --help tells its options and views',
    ],
  ],
  options: UI_OPTIONS,
  refuses: {
    'max-memory': '--last bounds what it keeps',
    'suppress-comm': 'a filter leaves programs out: proc.name != NAME',
    enter: 'calls that have not ended are in the view inflight',
    switches: 'its views are about calls: ksys -w FILE --switches captures switches, and -r FILE shows them',
    'page-faults': 'its views are about calls: ksys -w FILE --page-faults captures faults, and -r FILE shows them',
    self: 'what it does itself would hide what it is to show',
    'until-eof': 'its standard input is the keyboard',
    from: 'a filter chooses a time, such as evt.reltime > 5s',
    to: 'a filter chooses a time, such as evt.reltime < 5s',
    numevents: 'it goes on until it is left; --lines says how many rows --plain prints',
    seconds: 'it goes on until it is left',
  },
  rest: 'filter',
  exit: [0, 1, 2, 3, 4],
}

export const WAIT: Subcommand = {
  word: 'wait',
  usage: [['ksys wait', 'do nothing until a signal comes: for a container in which ksys is started by exec']],
  options: shared('help'),
  refuses: refusing('all', 'it captures and reads nothing'),
  rest: 'none',
  exit: [0, 2],
}

export const CHISEL: Subcommand = {
  word: 'chisel',
  usage: [
    [
      'ksys chisel new NAME',
      'write an example of a chisel of your own into ~/.config/ksys/chisels, where -c NAME finds it',
    ],
  ],
  options: shared('help'),
  refuses: refusing('all', 'it captures and reads nothing'),
  rest: 'none',
  exit: [0, 2, 6],
  notes: [
    'A NAME with a slash, such as ./NAME, is a path; nothing that is there is overwritten. It is TypeScript where the Node.js that runs ksys runs that, else JavaScript; NAME.ts and NAME.mjs choose.',
  ],
}

/** In the order of help and manual. */
export const SUBCOMMANDS: readonly Subcommand[] = [
  INFO,
  CUT,
  MERGE,
  DIFF,
  METRICS,
  RECORD,
  DUMP,
  RULES,
  REDACT,
  SQL,
  UI,
  CHISEL,
  WAIT,
]
