using HybridMesh.Testing;

namespace HybridMesh.Lab.Tests;

/// <summary>One lab for all tests of a class.</summary>
public sealed class VmLab : IAsyncLifetime
{
    public LabFixture Lab { get; private set; } = null!;

    public async Task InitializeAsync() => Lab = await LabFixture.StartAsync();

    public async Task DisposeAsync() => await Lab.DisposeAsync();

    /// <summary>Removes every container, so that each test has the apps' port to itself.</summary>
    public Task ClearAsync() => Task.WhenAll(Lab.Vms.Select(vm =>
        LabFixture.RunOnVmAsync(vm, "docker ps -aq | xargs -r docker rm -f")));
}
