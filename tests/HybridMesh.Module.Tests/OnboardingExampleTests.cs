using System.Text.RegularExpressions;
using HybridMesh.Testing;

namespace HybridMesh.Module.Tests;

/// <summary>
/// VMs on board and off again, as users run it: one run takes them in, a second changes nothing, a mistake is found and
/// mended, and off-boarding leaves the VMs' disks as they were.
/// </summary>
public sealed partial class OnboardingExampleTests(OnboardingLab example) : IClassFixture<OnboardingLab>
{
    [Theory]
    [InlineData("Istio")]
    [InlineData("Asm")]
    public async Task Run_Again_Rehearse_Remove(string provider)
    {
        IReadOnlySet<string>[] disks = await DisksAsync();

        Expect(await example.RunAsync($"-Provider {provider}"), "3 VMs are in the mesh; nothing disagrees.");

        string hosts = await example.HostsFilesAsync();
        ProcessResult second = await example.RunAsync($"-Provider {provider}");
        Expect(second, "3 VMs are in the mesh; nothing disagrees.");
        Assert.DoesNotMatch(Changed(), provider == "Asm" ? NewKey().Replace(second.Output, "") : second.Output);
        Assert.Equal(hosts, await example.HostsFilesAsync());

        ProcessResult rehearsal = await example.RunAsync($"-Provider {provider} -Rehearse");
        Expect(rehearsal, "3 VMs are in the mesh; nothing disagrees.");
        Assert.Contains("Set-WorkloadEntryVersion -Version 'v1'", rehearsal.Output, StringComparison.Ordinal);

        Expect(await example.RunAsync($"-Provider {provider} -Remove"), "3 VMs are out of the mesh.");
        IReadOnlySet<string>[] after = await DisksAsync();
        Assert.All(disks.Zip(after), pair => Assert.Equal("", VmFileTree.Difference(pair.First, pair.Second)));
        Assert.Empty((await example.ConnectedAsync("Get-WorkloadEntry; Get-MeshVmApp; Get-MeshService")).Output.Trim());
        ProcessResult again = await example.RunAsync($"-Provider {provider} -Remove");
        Expect(again, "3 VMs are out of the mesh.");
        Assert.DoesNotMatch(Changed(), again.Output);
    }

    private async Task<IReadOnlySet<string>[]> DisksAsync() =>
        await Task.WhenAll(example.Lab.Vms.Select(VmFileTree.ReadAsync));

    private static void Expect(ProcessResult run, string last)
    {
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains(last, run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [GeneratedRegex("Created|Updated|Removed")]
    private static partial Regex Changed();

    // GetVmMeta makes another key and certificate at each call, so a second run delivers these.
    [GeneratedRegex(@"^vm\d +Ready +Package .* Updated\s*$", RegexOptions.Multiline)]
    private static partial Regex NewKey();
}
