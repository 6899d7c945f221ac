/** The choice of a project, in whatever list of repositories. */

import { type Option, SelectField } from "./forms.tsx";

/** Empty while there is no project to choose; it is swapped as one. */
export function ProjectFilter(
  props: { filters: { project: string; projects: readonly Option[] } },
) {
  const { project, projects } = props.filters;
  return (
    <div id="project-filter" class="unboxed">
      {projects.length > 0 && (
        <SelectField
          id="project"
          name="project"
          label="Project"
          value={project}
          options={[{ value: "", word: "All projects" }, ...projects]}
        />
      )}
    </div>
  );
}
