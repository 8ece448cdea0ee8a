namespace HybridMesh.Module.Tests;

/// <summary>A lab for examples/vm-onboarding/run.ps1, connected so that ASM's API is known too.</summary>
public sealed class OnboardingLab() : ExampleLab("vm-onboarding", "vm-onboarding")
{
    /// <inheritdoc/>
    protected override string Connect => $"Connect-Mesh -Lab -LabPath '{Lab.Path}' -Namespace vm-onboarding";
}
