/** The lines by which haproxy checks its servers, in the order of the text. */
function checksOf(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^(option httpchk|http-check|default-server)\b/.test(line))
    .join('\n');
}

/**
 * Whether what the checks of one configuration found holds for the other. haproxy takes the states of servers over at a
 * reload: behind checks that cannot pass, such as of another `ca_file`, they are up until `fall` of them have failed.
 */
export function sameChecks(one: string, other: string): boolean {
  return checksOf(one) === checksOf(other);
}
