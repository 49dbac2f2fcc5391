// The versions of Node that the command accepts are those that package.json declares. test/package runs it on older ones.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { unfitNode } from '../../src/node-version.js'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const RANGES: string[] = JSON.parse(read('package.json')).engines.node.split(' || ')

function declared(major: number, minor: number): boolean {
  return RANGES.some((range) => {
    const [, kind, line, first] = /^(\^|>=)(\d+)\.(\d+)\.0$/.exec(range) as unknown as [string, string, string, string]
    if (major === Number(line)) return minor >= Number(first)
    return kind === '>=' && major > Number(line)
  })
}

test('the command runs on exactly the versions of Node that package.json declares', () => {
  for (let major = 12; major < 40; major++)
    for (let minor = 0; minor < 25; minor++)
      expect([major, minor, unfitNode(`${major}.${minor}.1`) === undefined]).toEqual([
        major,
        minor,
        declared(major, minor),
      ])
})

test('the message has the words of the set-up and of the README', () => {
  expect(unfitNode('18.20.8')).toBe('Node.js 20.19, 22.13, 24 or newer is needed, and this is 18.20.8')
  expect(read('src/setup/prepare.sh')).toContain("node_versions='Node.js 20.19, 22.13, 24 or newer'")
  expect(read('README.md')).toContain('Node 20.19, 22.13, 24 or newer')
})
