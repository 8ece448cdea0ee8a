using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class StopMeshLabCommandTests : LabHostTests
{
    [Fact]
    public void Stop_ByPropertyName_EndsTheLabsProcess()
    {
        int id = Host.Run("Start-MeshLab -VmCount 1 -Path $path").OutputAs<Core.MeshLab>().Single().ProcessId;

        ScriptRun run = NewHost().Run("Get-MeshLab -Path $path | Stop-MeshLab");

        Assert.Empty(run.Errors);
        Assert.False(IsAlive(id));
        Assert.False(LabIsRunning);
    }

    [Fact]
    public void Stop_NothingRunning_ChangesNothingAndSaysSoOnVerbose()
    {
        ScriptRun run = Host.Run("Stop-MeshLab -Path $path -Verbose");

        Assert.Empty(run.Errors);
        Assert.Contains(run.Verbose, line => line.Contains(Folder, StringComparison.Ordinal));
    }

    [Fact]
    public void Stop_WhatIf_LeavesTheLab()
    {
        int id = Host.Run("Start-MeshLab -VmCount 0 -Path $path").OutputAs<Core.MeshLab>().Single().ProcessId;

        Assert.Empty(Host.Run("Stop-MeshLab -WhatIf").Errors);

        Assert.True(IsAlive(id));
        Assert.True(LabIsRunning);
    }

    [Fact]
    public async Task RuntimesEnd_EndsTheLabItStarted_NotADetachedOne()
    {
        int own = Host.Run("Start-MeshLab -VmCount 0 -Path $path").OutputAs<Core.MeshLab>().Single().ProcessId;
        await MeshRuntime.For(Host.Runspace).CloseAllAsync();
        Assert.False(IsAlive(own));

        int detached = Host.Run("Start-MeshLab -VmCount 0 -Path $path -Detached")
            .OutputAs<Core.MeshLab>().Single().ProcessId;
        await MeshRuntime.For(Host.Runspace).CloseAllAsync();
        Assert.True(IsAlive(detached));
    }
}
