// `ksys help TOPIC` prints a page of Markdown as text that fits the terminal.

import { expect, test } from 'vitest'
import { pageText } from '../../../src/cli/help/page.js'
import { width } from '../../../src/format/text/width.js'
import { pages } from '../../docs/page.js'
import { ksys } from '../../helpers/ksys.js'
import fc from '../../helpers/properties.js'

const plain = (markdown: string, columns = 40) => pageText(markdown, { columns, color: false })

test('headings, paragraphs, lists, code and tables are text', () => {
  const page = [
    '# Title\n\nA paragraph with `code`, *emphasis* and a [link](other.md) that is longer than a line.\n',
    '- one\n- two\n  more\n\n1. first\n2. second\n',
    '```console\n$ ksys -l   | head\n```\n',
    '| Left | Right |\n| --- | --- |\n| a | a cell that does not fit into the width of the page |\n',
    '<!-- comment -->\n\n![picture](x.svg)\n\nEnd <1 > 0.',
  ].join('\n')
  expect(plain(page)).toBe(`Title

A paragraph with code, emphasis and a
link that is longer than a line.

- one
- two more

1. first
2. second

    $ ksys -l   | head

Left  Right
a     a cell that does not fit into the
      width of the page

End <1 > 0.
`)
})

test('colours are escape sequences only where they are allowed', () => {
  const esc = String.fromCharCode(27)
  expect(pageText('**bold** `code`', { columns: 40, color: true })).toContain(`${esc}[1mbold`)
  expect(plain('**bold** `code`')).toBe('bold code\n')
})

test('prose of all pages fits into 80 columns', () => {
  for (const { path, text } of pages()) {
    const prose = text.replace(/^(```|~~~)[\s\S]*?^\1$/gm, '').replace(/^\|.*$/gm, '')
    const long = plain(prose, 80)
      .split('\n')
      .filter((line) => width(line) > 80 && line.trim().includes(' '))
    expect(long, path).toEqual([])
  }
})

test('any Markdown is printed without an error', () => {
  fc.assert(fc.property(fc.string(), fc.integer({ min: 1, max: 200 }), (text, columns) => void plain(text, columns)))
})

test('the start of a name is enough, and a wrong name is answered with the topics', () => {
  expect(ksys(['help', 'filt']).stdout).toMatch(/^Filters\n/)
  expect(ksys(['help', 'filtres'])).toMatchObject({ code: 2, stdout: '' })
  expect(ksys(['help', 'filtres']).stderr).toMatch(/^ksys: there is no help topic or command 'filtres'.*filters/)
  expect(ksys(['help', 'recrod']).stderr).toContain('did you mean record?')
})

test('a command without a page of its name prints its options, and more than one word is refused', () => {
  expect(ksys(['help', 'chisel']).stdout).toBe(ksys(['chisel', '--help']).stdout)
  expect(ksys(['help', 'rules']).stdout).toMatch(/^Rules\n/)
  expect(ksys(['help', 'help']).stdout).toBe(ksys(['--help']).stdout)
  expect(ksys(['help', 'filters', 'rules'])).toMatchObject({ code: 2, stdout: '' })
})
