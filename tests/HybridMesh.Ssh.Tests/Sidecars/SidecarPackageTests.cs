using System.Globalization;
using System.Net;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Ssh.Tests;

/// <summary>Packages of the sidecar, built here, on a VM that has none.</summary>
[Collection(SidecarVms.Name)]
public sealed class SidecarPackageTests(SidecarVms vms) : IAsyncLifetime
{
    private const int Bare = 2;
    private const string AddUser = "#!/bin/sh\nid istio-proxy > /dev/null 2>&1 || useradd -r -U -d /var/lib/istio -s /usr/sbin/nologin istio-proxy\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("hybridmesh-package-").FullName;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        await vms.CleanAsync(Bare);
    }

    [DpkgFact]
    public async Task InstallAsync_PackageFile_IsInstalledOnceAndPurgedWithoutATrace()
    {
        string before = await vms.TreeAsync(Bare);
        string package = await BuildAsync("istio-sidecar", AddUser);

        VmSidecar? first = await InstallAsync(package);
        Assert.Equal((ChangeAction.Created, SidecarState.Ready, "1.24.9"), (first!.Action!.Value, first.State, first.SidecarVersion));
        Assert.Equal(ChangeAction.Unchanged, (await InstallAsync(package))!.Action);

        await using IRemoteShell shell = await vms.ConnectAsync(Bare);
        VmSidecar? removed = await SidecarRemover.RemoveAsync(shell, ChangeGuard.None, default);
        Assert.Equal((ChangeAction.Removed, SidecarState.Absent), (removed!.Action!.Value, removed.State));
        Assert.Equal(before, await vms.TreeAsync(Bare));
    }

    [DpkgFact]
    public async Task InstallAsync_Url_IsFetchedByTheVm()
    {
        byte[] package = await File.ReadAllBytesAsync(await BuildAsync("istio-sidecar", AddUser));
        using HttpListener server = new();
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{SshServer.FreePort()}/");
        server.Prefixes.Add(url);
        server.Start();
        Task<HttpListenerContext> request = server.GetContextAsync();
        Task<VmSidecar?> installing = InstallAsync($"{url}istio-sidecar.deb");

        HttpListenerContext context = await request.WaitAsync(TimeSpan.FromSeconds(60));
        await context.Response.OutputStream.WriteAsync(package);
        context.Response.Close();

        Assert.Equal(SidecarState.Ready, (await installing)!.State);
    }

    [DpkgFact]
    public async Task InstallAsync_OtherPackage_IsRefusedByName()
    {
        string package = await BuildAsync("other", AddUser);

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => InstallAsync(package));

        Assert.Equal(MeshErrorCode.SidecarPackageFailed, error.Code);
        Assert.Contains("the package 'other', not istio-sidecar", error.Message, StringComparison.Ordinal);
    }

    [DpkgFact]
    public async Task InstallAsync_PackageThatFails_LeavesNoTraceAndSaysWhy()
    {
        string before = await vms.TreeAsync(Bare);
        string package = await BuildAsync("istio-sidecar", AddUser + "echo no room at the inn >&2\nexit 1\n");

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => InstallAsync(package));

        Assert.Equal(MeshErrorCode.SidecarPackageFailed, error.Code);
        Assert.Contains("no room at the inn", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await vms.TreeAsync(Bare));
    }

    private async Task<VmSidecar?> InstallAsync(string package) => await vms.InstallAsync(
        Bare, await vms.ConfigAsync(Bare), with: request => request with { Package = SidecarPackage.Parse(package) });

    /// <summary>A package with the files that the first VM has of Istio's, made for the bare one.</summary>
    private async Task<string> BuildAsync(string name, string postinst)
    {
        string root = Path.Combine(_folder, name);
        await PutAsync("DEBIAN/control", $"Package: {name}\nVersion: 1.24.9\nArchitecture: all\nMaintainer: nobody\nDescription: a test\n");
        await PutAsync("DEBIAN/postinst", postinst, executable: true);
        await CopyAsync("/lib/systemd/system/istio.service", "usr/lib/systemd/system/istio.service");
        await CopyAsync("/usr/local/bin/istio-start.sh", executable: true);
        await CopyAsync("/usr/local/bin/pilot-agent", executable: true);
        string package = Path.Combine(_folder, name + ".deb");
        await SshServer.RunAsync("dpkg-deb", "--root-owner-group", "--build", root, package);
        return package;

        async Task CopyAsync(string path, string? to = null, bool executable = false) => await PutAsync(
            to ?? path.TrimStart('/'),
            (await vms.RunAsync(0, $"cat {path}")).Replace(vms.Lab.Vms[0].Address, vms.Lab.Vms[Bare].Address, StringComparison.Ordinal) + "\n",
            executable);

        async Task PutAsync(string path, string text, bool executable = false)
        {
            string file = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text);
            if (executable)
            {
                File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            }
        }
    }
}
