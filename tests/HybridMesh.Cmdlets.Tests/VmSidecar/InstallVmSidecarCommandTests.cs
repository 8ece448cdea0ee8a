using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class InstallVmSidecarCommandTests : IDisposable
{
    private readonly FakeMesh _mesh = new();
    private readonly FakeSidecarVms _vms = new();

    public InstallVmSidecarCommandTests()
    {
        _mesh.Vms.OnRun = _vms.RunAsync;
        _mesh.Host.With("configs", new[] { _vms.Config("vm1", "10.0.0.1"), _vms.Config("vm2", "10.0.0.2") });
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Configs_OfThePipeline_AreInstalledOneResultEach()
    {
        ScriptRun run = _mesh.Run("$configs | Install-VmSidecar");

        Assert.Empty(run.Errors);
        Assert.Equal(
            [("vm1", ChangeAction.Created, "1.24.1"), ("vm2", ChangeAction.Created, "1.24.1")],
            run.OutputAs<VmSidecar>().OrderBy(item => item.VmName).Select(item => (item.VmName, item.Action!.Value, item.SidecarVersion!)));
        Assert.Equal(2, _vms.Writes.Count);
        Assert.All(_mesh.Vms.Uploads, upload => Assert.StartsWith("/tmp/hybridmesh-", upload.Path, StringComparison.Ordinal));
        Assert.All(_mesh.Vms.Uploads, upload => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, upload.Mode));
        Assert.Equal(0, _mesh.Vms.OpenShells);
    }

    [Fact]
    public void WhatIf_NamesEverythingAndChangesNothing()
    {
        ScriptRun run = _mesh.Run("$configs | Install-VmSidecar -WhatIf");

        Assert.Empty(run.Output);
        Assert.Empty(_vms.Writes);
        Assert.Empty(_mesh.Vms.Uploads);
        Assert.All(
            (string[])["Sidecar of VM 'vm2'", SidecarPlaces.ClusterEnv, SidecarPlaces.DropIn, "10.9.9.9 istiod.istio-system.svc"],
            text => Assert.Contains(text, run.HostText, StringComparison.Ordinal));
    }

    [Fact]
    public void OneVmFails_ItsErrorHasTheVmAndTheRestGoOn()
    {
        _vms.Answers["vm1"] = "HybridMesh\nfailed ready\nreason no upstream\nundone\n";

        ScriptRun run = _mesh.Run("$configs | Install-VmSidecar");

        Assert.Equal("SidecarNotReady", Assert.Single(run.ErrorIds));
        Assert.Equal("vm1", Assert.IsType<MeshVm>(run.Errors[0].TargetObject).Name);
        Assert.Contains("no upstream", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("What was there before is back", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("vm2", Assert.Single(run.OutputAs<VmSidecar>()).VmName);
    }

    [Theory]
    [InlineData("ISTIO_INBOUND_PORTS='*'\n", "SshPortCaptured")]
    [InlineData("not a line\n", "SidecarConfigInvalid")]
    [InlineData("ISTIO_METAJSON_LABELS='{'\n", "SidecarConfigInvalid")]
    public void FilesThatWillNotDo_AreRefusedBeforeAnythingIsWritten(string env, string id)
    {
        _mesh.Host.With("configs", new[] { _vms.Config("vm1", "10.0.0.1", env) });

        ScriptRun run = _mesh.Run("$configs | Install-VmSidecar");

        Assert.Equal(id, Assert.Single(run.ErrorIds));
        Assert.Contains("Nothing was written", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(_vms.Writes);
    }

    [Fact]
    public void NoPackageOnTheVm_IsSaidWithTheParameter()
    {
        _vms.Found = "systemd\nclient curl\n";

        ScriptRun run = _mesh.Run("$configs[0] | Install-VmSidecar");

        Assert.Equal("SidecarMissing", Assert.Single(run.ErrorIds));
        Assert.Contains("-Package", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Package_FileThatIsNotThere_EndsTheCommand()
    {
        ScriptRun run = _mesh.Run("$configs | Install-VmSidecar -Package /no/such/file.deb");

        Assert.Equal("FileNotFound", Assert.Single(run.ErrorIds));
        Assert.Empty(_mesh.Vms.Connections);
    }

    [Fact]
    public void Package_WithTheMethodContainer_EndsTheCommand()
    {
        ScriptRun run = _mesh.Run("$configs | Install-VmSidecar -Package http://10.0.0.9/a.deb -Method Container");

        Assert.Equal("ArgumentInvalid", Assert.Single(run.ErrorIds));
        Assert.Empty(_mesh.Vms.Connections);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Method Package")]
    public void Image_WithTheMethodPackage_EndsTheCommand(string method)
    {
        ScriptRun run = _mesh.Run($"$configs | Install-VmSidecar -Image demo/proxy:1 {method}");

        Assert.Equal("ArgumentInvalid", Assert.Single(run.ErrorIds));
        Assert.Equal("demo/proxy:1", run.Errors[0].TargetObject);
        Assert.Contains("-Image 'demo/proxy:1'", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("Give -Method Container", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(_mesh.Vms.Connections);
    }

    [Fact]
    public void Package_UrlWithAPassword_IsShownWithoutIt()
    {
        ScriptRun run = _mesh.Run(
            "$configs | Install-VmSidecar -Package 'http://me:hunter2@10.0.0.9/a.deb?signature=hunter2' -WhatIf");

        Assert.Empty(run.Errors);
        Assert.Contains("http://10.0.0.9/a.deb", run.HostText, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.HostText, StringComparison.Ordinal);
    }

    [Fact]
    public void Config_OfNoVm_IsRefused()
    {
        _mesh.Host.With("configs", _vms.Config("vm1", "10.0.0.1") with { Vm = null });

        Assert.Equal("ArgumentInvalid", Assert.Single(_mesh.Run("$configs | Install-VmSidecar").ErrorIds));
    }

    [Fact]
    public void Path_TakesTheSubFolderOfEachVm()
    {
        string folder = Directory.CreateTempSubdirectory("hybridmesh-").FullName;
        try
        {
            foreach (SidecarFile file in _vms.Config("vm1", "10.0.0.1").Files)
            {
                File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "vm1")).FullName, file.Name), file.GetBytes());
            }

            ScriptRun run = _mesh.Run(
                $"@{{ Name = 'vm1'; Address = '10.0.0.1' }}, @{{ Name = 'vm2'; Address = '10.0.0.2' }} | Install-VmSidecar -Path '{folder}'");

            Assert.Equal("vm1", Assert.Single(run.OutputAs<VmSidecar>()).VmName);
            Assert.Equal("FileNotFound", Assert.Single(run.ErrorIds));
            Assert.Equal("vm2", Assert.IsType<MeshVm>(run.Errors[0].TargetObject).Name);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Stop_WhileAVmHangs_EndsPromptly()
    {
        _mesh.Vms.OnUpload = (_, token) => Task.Delay(Timeout.Infinite, token);
        using RunningScript running = _mesh.Host.Start("$configs | Install-VmSidecar");
        running.WaitUntil(() => _mesh.Vms.Uploads.Count == 2, "both VMs are sent files");

        Assert.True(running.Stop() < RunningScript.StopLimit);
        Assert.Equal(0, _mesh.Vms.OpenShells);
        Assert.Empty(_vms.Writes);
    }
}
