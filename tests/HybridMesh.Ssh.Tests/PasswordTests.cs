using System.Net;
using HybridMesh.Core;

namespace HybridMesh.Ssh.Tests;

/// <summary>Logging in by password, on a VM that takes one.</summary>
[Collection(LabVms.Name)]
public sealed class PasswordTests(LabVms vms)
{
    [Fact]
    public async Task ConnectAsync_RightPassword_LogsIn()
    {
        await using IRemoteShell shell = await ConnectAsync(vms.Lab.Facts.VmPassword);

        Assert.Equal("root\n", (await shell.RunAsync("id -un", null, default)).Output);
    }

    [Fact]
    public async Task ConnectAsync_WrongPassword_IsAuthenticationFailedWithoutIt()
    {
        MeshException error = await Assert.ThrowsAsync<MeshException>(() => ConnectAsync("hunter2"));

        Assert.Equal(MeshErrorCode.SshAuthenticationFailed, error.Code);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    private async Task<IRemoteShell> ConnectAsync(string password)
    {
        // A key that the VM does not know, so that only the password can open it.
        string folder = Directory.CreateTempSubdirectory("hybridmesh-key-").FullName;
        try
        {
            string key = Path.Combine(folder, "key");
            await SshServer.MakeKeyAsync(key, "ed25519");
            SshOptions options = new() { Credential = new NetworkCredential("root", password) };
            return await new SshConnector().ConnectAsync(vms.Vm(2) with { KeyFile = key, User = null }, options, default);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
