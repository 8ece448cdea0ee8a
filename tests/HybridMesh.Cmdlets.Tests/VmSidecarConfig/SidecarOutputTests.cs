using System.Runtime.Versioning;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>What New-VmSidecarConfig writes to -OutputPath.</summary>
public sealed class SidecarOutputTests : IDisposable
{
    private const string New = "$vms | New-VmSidecarConfig -WorkloadGroup group1 -OutputPath $dir/out";

    private readonly SidecarMesh _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Vms_GetFoldersOfTheirOwn_WithAPrivateToken()
    {
        IReadOnlyList<VmSidecarConfig> configs = _mesh.Configs(New);

        Assert.All(configs, config => Assert.Equal(ChangeAction.Created, config.Action));
        Assert.Equal(Path.Combine(_mesh.Folder.Output, "vm2"), configs[1].OutputPath);
        Assert.Equal(
            ["cluster.env", "hosts", "istio-token", "mesh.yaml", "root-cert.pem"],
            Directory.GetFiles(configs[1].OutputPath!).Select(Path.GetFileName).Order());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf("istio-token"));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                ModeOf("cluster.env"));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, ModeOf(""));
        }
    }

    [Fact]
    public void SecondRun_KeepsAGoodTokenAndSaysUnchanged()
    {
        _mesh.Configs(New);
        string token = _mesh.Folder.Read("vm1", "istio-token");

        IReadOnlyList<VmSidecarConfig> configs = _mesh.Configs(New);

        Assert.All(configs, config => Assert.Equal(ChangeAction.Unchanged, config.Action));
        Assert.Equal(token, configs[0].Find("istio-token")!.GetText());
        Assert.NotNull(configs[0].TokenExpires);
        Assert.Equal(2, _mesh.Tokens);
    }

    [Theory]
    [InlineData("-TokenDuration 7200")]
    [InlineData("-RootCertPath $dir/ca.pem")]
    public void SecondRun_TokenNotGoodEnough_AsksForAnother(string parameters)
    {
        _mesh.Folder.File("ca.pem", "another root");
        _mesh.Configs(New);

        Assert.All(_mesh.Configs($"{New} {parameters}"), config => Assert.Equal(ChangeAction.Updated, config.Action));
        Assert.Equal(4, _mesh.Tokens);
    }

    [Fact]
    public void SecondRun_TokenHalfOver_AsksForAnother()
    {
        _mesh.Configs(New);
        _mesh.Mesh.Runtime.Clock = new LaterClock(TimeSpan.FromMinutes(31));

        Assert.All(_mesh.Configs(New), config => Assert.Equal(ChangeAction.Updated, config.Action));
    }

    // istioctl leaves its token readable by everyone.
    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public void SecondRun_TokenOthersMayRead_IsClosed()
    {
        _mesh.Configs(New);
        File.SetUnixFileMode(Path.Combine(_mesh.Folder.Output, "vm2", "istio-token"), (UnixFileMode)Convert.ToInt32("744", 8));

        Assert.Equal([ChangeAction.Unchanged, ChangeAction.Updated], _mesh.Configs(New).Select(config => config.Action!.Value));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf("istio-token"));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("..")]
    public void VmName_ThatIsAPath_IsAnErrorAboutThatVm(string name)
    {
        ScriptRun run = _mesh.Run($"@($vms; @{{ Name = '{name}'; Address = '10.0.0.3' }}) | "
            + "New-VmSidecarConfig -WorkloadGroup group1 -OutputPath $dir/out");

        Assert.Equal(["ArgumentInvalid"], run.ErrorIds);
        Assert.Equal(name, Assert.IsType<MeshVm>(run.Errors[0].TargetObject).Name);
        Assert.Equal(["vm1", "vm2"], Directory.GetDirectories(_mesh.Folder.Output).Select(Path.GetFileName).Order());
        Assert.Equal(2, Directory.GetDirectories(_mesh.Folder.ToString(), "*", SearchOption.AllDirectories).Length - 1);
    }

    [Fact]
    public void VmName_Twice_IsAnError() => Assert.Equal(
        ["Ambiguous"],
        _mesh.Run("$vms[0], @{ Name = 'VM1'; Address = '10.0.0.7' } | New-VmSidecarConfig -WorkloadGroup group1").ErrorIds);

    [Fact]
    public void OutputPath_ThatIsAFile_IsAnError()
    {
        _mesh.Folder.File("out", "");

        Assert.Equal(["ArgumentInvalid", "ArgumentInvalid"], _mesh.Run(New).ErrorIds);
    }

    private UnixFileMode ModeOf(string file) =>
        OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(Path.Combine(_mesh.Folder.Output, "vm2", file));
}
