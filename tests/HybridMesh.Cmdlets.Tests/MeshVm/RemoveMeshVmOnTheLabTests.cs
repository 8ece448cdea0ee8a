using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>Off-boarding for real: nothing is left, and a failure half-way is completed by a second run.</summary>
public sealed class RemoveMeshVmOnTheLabTests(OffboardingLab lab) : IClassFixture<OffboardingLab>
{
    private const string Remove = "$vms | Remove-MeshVm -DrainSec 0 -Confirm:$false";

    [Fact]
    public async Task Remove_AllVms_LeavesNoTraceOnDisksOrPlanes()
    {
        IReadOnlyList<IReadOnlySet<string>> disks = await lab.DisksAsync();
        string objects = await lab.ObjectsAsync();
        lab.Onboard();
        Assert.NotEqual(objects, await lab.ObjectsAsync());

        ScriptRun run = lab.Host.Run(Remove);

        Assert.Empty(run.Errors);
        Assert.Equal(3, run.OutputAs<RemovedMeshVm>().Count(vm => vm.Action == ChangeAction.Removed));
        await AssertNoTraceAsync(disks, objects);
        Assert.All(lab.Host.Run(Remove).OutputAs<RemovedMeshVm>(), vm => Assert.Equal(ChangeAction.Unchanged, vm.Action));
    }

    [Fact]
    public async Task Remove_WhenTheServerFailsHalfWay_IsCompletedByASecondRun()
    {
        IReadOnlyList<IReadOnlySet<string>> disks = await lab.DisksAsync();
        string objects = await lab.ObjectsAsync();
        lab.Onboard();
        await lab.Lab.AdminAsync("faults/api/control/fail/1000/delete/workloadentries");
        ScriptRun failed;
        try
        {
            failed = lab.Host.Run(Remove);
        }
        finally
        {
            await lab.Lab.AdminAsync("faults/api/control/none");
        }

        ScriptRun again = lab.Host.Run(Remove);

        Assert.Equal(3, failed.Errors.Count);
        Assert.All(failed.Errors, error => Assert.Contains("Not done: ", error.Exception.Message, StringComparison.Ordinal));
        Assert.Equal(["vm1", "vm2", "vm3"], failed.Errors.Select(error => ((MeshVm)error.TargetObject).Name).Order());
        Assert.Empty(again.Errors);
        await AssertNoTraceAsync(disks, objects);
    }

    // A stop may leave iptables' rules behind (istio#52961), which would lead traffic to nobody.
    [Fact]
    public async Task Remove_SidecarThatStopsDirty_LeavesNoRules()
    {
        lab.Onboard();
        await lab.Lab.AdminAsync("faults/vm/vm1/sidecar/dirty-stop");
        await lab.Lab.AdminAsync("faults/vm/vm2/sidecar/dirty-stop");
        ScriptRun run;
        try
        {
            Assert.Equal(0, (await LabFixture.RunOnVmAsync(lab.Lab.Vms[0], "systemctl stop istio")).ExitCode);
            Assert.Contains("ISTIO_OUTPUT", (await LabFixture.RunOnVmAsync(lab.Lab.Vms[0], "iptables-save")).Output);

            run = lab.Host.Run(Remove);
        }
        finally
        {
            await lab.Lab.AdminAsync("faults/vm/vm1/sidecar/clean-stop");
            await lab.Lab.AdminAsync("faults/vm/vm2/sidecar/clean-stop");
        }

        Assert.Empty(run.Errors);
        Assert.Empty(run.Warnings);
        foreach (LabVm vm in lab.Lab.Vms)
        {
            Assert.Equal("", (await LabFixture.RunOnVmAsync(vm, "iptables-save; ip6tables-save")).Text);
        }
    }

    [Fact]
    public async Task Remove_WhenAVmIsOff_TakesTheOthersOut_AndThatOneWhenItIsBack()
    {
        IReadOnlyList<IReadOnlySet<string>> disks = await lab.DisksAsync();
        string objects = await lab.ObjectsAsync();
        lab.Onboard();
        await lab.Lab.AdminAsync("faults/vm/vm2/stop");
        ScriptRun without;
        try
        {
            without = lab.Host.Run(Remove);
        }
        finally
        {
            await lab.Lab.AdminAsync("faults/vm/vm2/start");
        }

        Assert.Equal(["VmUnreachable"], without.ErrorIds);
        Assert.Equal(["vm1", "vm3"], without.OutputAs<RemovedMeshVm>().Select(vm => vm.Name).Order());
        Assert.Single(lab.Host.Expect("Get-WorkloadEntry"));
        Assert.Empty(lab.Host.Run(Remove).Errors);
        await AssertNoTraceAsync(disks, objects);
    }

    [Fact]
    public async Task WhatIf_NamesAll_AndChangesNothing()
    {
        lab.Onboard();
        try
        {
            IReadOnlyList<IReadOnlySet<string>> disks = await lab.DisksAsync();
            string objects = await lab.ObjectsAsync();

            ScriptRun run = lab.Host.Run("$vms | Remove-MeshVm -WhatIf");

            Assert.Empty(run.Errors);
            Assert.Empty(run.Output);
            Assert.Contains("ServiceEntry offboarding/mesh-expansion-hello2-svc", run.HostText, StringComparison.Ordinal);
            await AssertNoTraceAsync(disks, objects);
        }
        finally
        {
            lab.Host.Expect(Remove);
        }
    }

    private async Task AssertNoTraceAsync(IReadOnlyList<IReadOnlySet<string>> disks, string objects)
    {
        IReadOnlyList<IReadOnlySet<string>> after = await lab.DisksAsync();
        Assert.All(disks.Zip(after), pair => Assert.Equal("", VmFileTree.Difference(pair.First, pair.Second)));
        Assert.Equal(objects, await lab.ObjectsAsync());
    }
}
