using HybridMesh.Testing;

namespace HybridMesh.Ssh.Tests;

/// <summary>Three VMs of a lab, shared by the tests that name the collection <see cref="Name"/>.</summary>
[CollectionDefinition(Name)]
public sealed class LabVms : VmLab, ICollectionFixture<LabVms>
{
    public const string Name = "Lab VMs";

    /// <summary>Makes a user whom root's key lets in.</summary>
    public Task AddUserAsync(int index, string user) => RunAsync(
        index,
        $"id {user} > /dev/null 2>&1 || {{ useradd -m -s /bin/sh -p '*' {user}; mkdir ~{user}/.ssh; "
        + $"cp ~root/.ssh/authorized_keys ~{user}/.ssh/; chown -R {user} ~{user}/.ssh; }}");

    protected override Task<LabFixture> StartAsync() => LabFixture.StartAsync();
}
