// Counts the tests of a report of vitest. Ends with 1 when one failed, or was skipped for a reason that skipped.json lacks.
import { readFileSync } from 'node:fs'

const reasons = Object.entries(JSON.parse(readFileSync(new URL('skipped.json', import.meta.url), 'utf8')))
let passed = 0
let failed = 1
try {
  const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
  const tests = report.testResults.flatMap((file) => file.assertionResults)
  const skipped = tests.filter((t) => t.status !== 'passed' && t.status !== 'failed').map((t) => t.fullName.trim())
  const reasonOf = (name) => reasons.find(([begin]) => name.startsWith(begin))?.[1]
  for (const [begin, reason] of reasons) {
    const count = skipped.filter((name) => name.startsWith(begin)).length
    if (count > 0) console.log(`${count} skipped: ${begin}: ${reason}`)
  }
  const unlisted = skipped.filter((name) => reasonOf(name) === undefined)
  for (const name of unlisted) console.log(`skipped without a reason in .ci/skipped.json: ${name}`)
  // a file that could not even be loaded has no failed test of its own
  const unloaded = report.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0)
  passed = report.numPassedTests
  failed = report.numFailedTests + unloaded.length + unlisted.length
} catch (e) {
  console.error(`no test report: ${e.message}`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
