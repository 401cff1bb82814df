/** What `hlb schema` knows, apart from the schemas themselves, so that help need not build them. */
export const schemaNames = ['playbook', 'tasks', 'handlers', 'inventory', 'vars'] as const;
