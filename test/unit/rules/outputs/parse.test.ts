// Outputs as specified by users, and the errors for invalid ones.

import { describe, expect, test } from 'vitest'
import { parseOutput } from '../../../../src/rules/outputs/parse.js'
import { commandWords } from '../../../../src/rules/outputs/program.js'
import { OutputError } from '../../../../src/rules/outputs/spec.js'
import fc from '../../../helpers/properties.js'

test.each([
  ['stdout', { kind: 'stdout' }],
  ['syslog,priority=WARNING', { kind: 'syslog', minimum: 'Warning' }],
  ['stdout,priority=info', { kind: 'stdout', minimum: 'Informational' }],
  ['file=/var/log/alerts', { kind: 'file', target: '/var/log/alerts' }],
  ['file=/var/log/a,b.log,capacity=5', { kind: 'file', target: '/var/log/a,b.log', capacity: 5 }],
  ['program=logger -t ksys,keep_alive=true', { kind: 'program', target: 'logger -t ksys', keepAlive: true }],
  ['program=jq a,b=c,d', { kind: 'program', target: 'jq a,b=c,d' }],
  [
    'http=https://h:1/p?a=1,ca=/ca,cert=/c,key=/k,timeout=1.5s,retries=0,compress=true,user_agent=me/1,insecure=false',
    {
      ...{ kind: 'http', target: 'https://h:1/p?a=1', ca: '/ca', cert: '/c', key: '/k', timeout: 1500 },
      ...{ retries: 0, compress: true, userAgent: 'me/1', insecure: false },
    },
  ],
])('%s', (text, spec) => {
  expect(parseOutput(text)).toEqual(spec)
})

test.each([
  ['', /there is no output ''.* one of stdout, file=PATH, syslog, program=COMMAND, http=URL/],
  ['fiel=/x', /no output 'fiel' \(did you mean file\?\)/],
  ['file', /file requires a target: file=PATH/],
  ['file=', /file requires a target/],
  ['program= ', /program requires a target: program=COMMAND/],
  ['syslog=/dev/log', /syslog takes no target, but one is given: \/dev\/log/],
  ['file=/x,prioritty=warning', /file has no option 'prioritty' \(did you mean priority\?\)/],
  ['file=/x,priority=loud', /priority of the output file must be one of Emergency, .*, not 'loud'/],
  ['file=/x,keep_alive=true', /file has no option 'keep_alive'; it has priority, capacity/],
  ['http=http://h/?a=1,b=2', /no option 'b'.*write a comma within the URL as %2C/],
  ['stdout,capacity=0', /capacity of the output stdout must be a number from 1 to 1000000, not '0'/],
  ['http=http://h,timeout=5', /timeout of the output http must be a time such as 500ms/],
  ['file=/x\x1b[2J', /cannot contain control characters; this one contains \\x1b/],
])('%j is refused in a sentence that says what to write', (text, message) => {
  expect(() => parseOutput(text)).toThrow(OutputError)
  expect(() => parseOutput(text)).toThrow(message)
})

test('any text is either an output or refused in a sentence', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('file=', 'http=', 'program=', ',priority=', ',capacity=', 'warning', ',', '='),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      try {
        expect(parseOutput(pieces.join(''))).toHaveProperty('kind')
      } catch (e) {
        expect(e).toBeInstanceOf(OutputError)
        expect((e as Error).message).not.toMatch(/[\x00-\x1f\x7f]/)
      }
    }),
  )
})

describe('the command of a program', () => {
  test.each([
    ['logger -t ksys', ['logger', '-t', 'ksys']],
    [`jq -c '.output | length' "a b" c\\ d`, ['jq', '-c', '.output | length', 'a b', 'c d']],
    [`sh -c 'echo $HOME; date'`, ['sh', '-c', 'echo $HOME; date']],
  ])('%s is split into its words', (command, words) => {
    expect(commandWords(command)).toEqual(words)
  })

  test.each([
    ['jq . | curl -d @- http://h', '|'],
    ['date > /tmp/x', '>'],
    ['echo $HOME', '$HOME'],
    ['ls *.log', '*.log'],
    ['a && b', '&&'],
    ['echo `id`', '`'],
  ])('%s is refused because it needs a shell', (command, what) => {
    expect(() => commandWords(command)).toThrow(OutputError)
    expect(() => commandWords(command)).toThrow(`run without a shell, but ${what} needs one`)
  })

  test.each(["''", '" "', `'`, `a 'b`, 'a "b'])('%s is not a valid command', (command) => {
    expect(() => commandWords(command)).toThrow(OutputError)
  })
})
