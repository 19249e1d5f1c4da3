import type { ServiceConfigInput, ServiceConfigModule } from "@pai/model";
import { expectTypeOf, test } from "vitest";
import type * as packed from "./service-config-types.ts";

// The compiler is what looks at this.
test("the packed types of settings modules are those of the model", () => {
  expectTypeOf<packed.ServiceConfigModule>().toEqualTypeOf<ServiceConfigModule>();
  expectTypeOf<packed.ServiceConfigInput>().toEqualTypeOf<ServiceConfigInput>();
});
