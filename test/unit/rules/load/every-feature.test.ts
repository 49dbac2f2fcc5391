// A file with every feature that the rules files shipped with Falco use is accepted, and its changes take effect.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { registry } from '../../../../src/fields/index.js'
import { checkAst } from '../../../../src/filter/check.js'
import { root } from '../../../helpers/ksys.js'
import { expanded, load, messages, named } from './texts.js'

const text = readFileSync(join(root, 'test/rules/every-feature.yaml'), 'utf8')
const result = load(text)

test('it has no errors', () => {
  expect(result.files[0]?.errors.map((e) => `${e.message}\n${e.snippet}`)).toEqual([])
  expect(result.rules).toHaveLength(11)
})

test('it has only the intended warnings', () => {
  const codes = result.files[0]!.warnings.map((w) => w.code)
  expect(new Set(codes)).toEqual(
    new Set(
      ['LOAD_DEPRECATED_ITEM', 'LOAD_UNSAFE_NA_CHECK', 'LOAD_WARNING_EXTENSION'].filter((c) =>
        codes.includes(c as never),
      ),
    ),
  )
  expect(messages(result).filter((m) => m.startsWith('LOAD_DEPRECATED_ITEM'))).toHaveLength(5)
})

test('all combined conditions are valid, too', () => {
  for (const r of result.rules) expect(() => checkAst(r.condition, registry), r.name).not.toThrow()
})

test('later items change the definitions of earlier ones', () => {
  const key = named(result, 'Key read by a shell')
  expect(key).toMatchObject({ enabled: false, priority: 'Warning', capture: true, captureDuration: 100 })
  expect(key.desc).toMatch(/one began\. \(changed\)$/)
  expect(key.output).toMatch(/image=%container\.image\.repository\) \(group=%group\.name\)$/)
  expect(expanded(result, key.name)).toContain('proc.name in (bash, dash, ksh, sh, zsh, fish)')
  expect(expanded(result, key.name)).toContain('not (evt.num=0 or proc.name=allowed)')
  expect(expanded(result, key.name)).toMatch(/and not fd\.name=\/root\/\.ssh\/known_hosts$/)
  expect(named(result, 'Shell in a container').enabled).toBe(true)
  expect(expanded(result, 'Shell in a container')).toContain('container.id!=host and container.name exists')
  expect(expanded(result, 'Write below etc')).toMatch(/not proc\.name=etckeeper$/)
  expect(named(result, 'Write below etc').output).not.toContain('container.info')
})

test('exceptions are joined by and not, each with its values', () => {
  const { exceptions, tags, priority } = named(result, 'Network tool')
  expect({ tags, priority }).toEqual({ tags: ['T1095', 'network'], priority: 'Error' })
  expect(exceptions.map((e) => e.name)).toEqual([
    'by_parent',
    'by_image',
    'by_name',
    'by_path',
    'by_folder',
    'later',
    'new',
  ])
  const all = expanded(result, 'Network tool')
  for (const part of [
    'not (proc.pname=cron and proc.cmdline startswith "nc -z" or proc.pname=make and proc.cmdline startswith "socat -V")',
    'not (container.image.repository in (tools/net, "tools/net debug") and proc.aname[2] in (bash, dash, ksh, sh, zsh, fish)',
    'or container.image.repository in (one, two) and proc.aname[2] in ("three four"))',
    'not proc.name in (ncat)',
    'not proc.exepath pmatch (/opt/tools, /root/.ssh, /etc/ssl/private)',
    'not proc.cwd startswith anyof (/srv/a, /srv/b)',
    'not (proc.pname=sshd and user.name=root)',
    'not proc.tty=0',
  ])
    expect(all).toContain(part)
})
