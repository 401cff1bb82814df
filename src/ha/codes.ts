import type { CodeTable } from '../core/diagnostic.ts';

/** What an haproxy configuration that hlb did not write, or an inventory of a cluster, may be refused for. */
export const haCodes = {
  'ha/open-quote': {
    title: 'A quote in an haproxy configuration is not closed',
    explanation: 'haproxy ends every line at its line break, within quotes too. Close the quote on the same line.',
  },
  'ha/trailing-backslash': {
    title: 'A line of an haproxy configuration ends with a backslash',
    explanation: 'haproxy has no continued lines: what stands on the next line is another directive. Join both lines.',
  },
  'ha/environment': {
    title: 'An haproxy configuration depends on the environment of its process',
    explanation:
      'A variable in quotes and the ".if" lines are decided when haproxy starts, so the text does not say which servers it has. Write the values themselves.',
  },
  'ha/outside-section': {
    title: 'A line of an haproxy configuration stands in no section',
    explanation: 'A configuration begins with a section such as "global", "defaults", "frontend" or "backend".',
  },
  'ha/section-name': {
    title: 'A section of an haproxy configuration has no name of its own',
    explanation: 'Each frontend, backend and listen section has a name that no other of its kind bears.',
  },
  'ha/server': {
    title: 'A server line is not understood',
    explanation:
      'Expected "server NAME ADDRESS:PORT [options]" with an address or host name and a fixed port. Sockets, port offsets and "server-template" do not say where an API server is.',
  },
  'ha/bind': {
    title: 'A bind line is not understood',
    explanation: 'Expected "bind ADDRESS:PORT [options]", several places separated by commas without blanks.',
  },
  'ha/no-frontend': {
    title: 'Nothing in the haproxy configuration listens on the port of the API',
    explanation: 'A frontend or listen section has to bind the port that the clients of the node connect to.',
  },
  'ha/ambiguous-frontend': {
    title: 'Several parts of the haproxy configuration listen on the port of the API',
    explanation: 'hlb changes one list of servers, so one frontend or listen section alone may bind the port.',
  },
  'ha/no-backend': {
    title: 'The frontend of the API has no backend that can be told',
    explanation:
      'The frontend needs one "default_backend" that exists. A backend chosen by a condition means that the servers depend on the connection.',
  },
  'ha/no-server': {
    title: 'The backend of the API has no server',
    explanation: 'A balancer without a server leaves its node without an API. Name at least one.',
  },
  'ha/no-control-plane': {
    title: 'The inventory names no control plane',
    explanation:
      'What hlb computes of a cluster begins with its API servers: the hosts of the group "control_plane". The other nodes are in "workers", balancers on hosts of their own in "balancers".',
  },
  'ha/variable': {
    title: 'A variable that describes the cluster has a value that it cannot have',
    explanation:
      'The variables of the role "cluster" (lb_placement, lb_port, api_port, node_address, vip_address and others) say where the API servers and their balancers are. inventory/example.yml shows them.',
  },
} as const satisfies CodeTable;

export type HaCode = keyof typeof haCodes;
