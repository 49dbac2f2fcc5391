// Settings of a run that exclude each other.
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from './settings.js'

/** Throws CliError (usage) for options that exclude each other. */
export function refuseTogether(s: Settings): void {
  const files = s.read.length
  const named = s.redaction?.namespace !== undefined
  const pairs: readonly (readonly [together: boolean, sentence: string])[] = [
    [files > 0 && s.command !== undefined, '-r reads a file and -- runs a command: use one of them'],
    [
      named && s.command !== undefined,
      '--only-namespace selects pods, and the command after -- is in none: use one of them',
    ],
    [s.follow && s.read.join() !== '-', '--follow requires a capture from a pipe: ksys -r - --follow'],
    [
      s.untilEof && s.command !== undefined,
      '--until-eof watches standard input, which belongs to the command after --: use one of them',
    ],
    [
      s.chisels.length > 0 && s.write !== undefined,
      '-c cannot be used with -w: write a file first, then use ksys -r FILE -c NAME',
    ],
    [s.stacks !== undefined && s.summary, '--stacks cannot be used with -S, which sums up calls: use -c stacks'],
    [
      s.stacks !== undefined && s.inFlight,
      '--stacks cannot be used with --inflight: stacks are recorded when a call ends',
    ],
    [
      named && s.stacks !== undefined,
      '--stacks cannot be used with --only-namespace: stacks are shared between processes',
    ],
    [files > 1 && s.write !== undefined, '-w accepts the events of one file: use -r once with -w'],
  ]
  const wrong = pairs.find(([together]) => together)
  if (wrong !== undefined) throw new CliError(EXIT.usage, wrong[1])
  refuseStdinTwice([...s.read, ...s.rulesFiles])
}

/** Throws CliError (usage) if standard input is named more than once among the files to read. */
export function refuseStdinTwice(files: readonly string[]): void {
  if (files.filter((f) => f === '-').length > 1)
    throw new CliError(EXIT.usage, 'standard input (-) can be read only once')
}
