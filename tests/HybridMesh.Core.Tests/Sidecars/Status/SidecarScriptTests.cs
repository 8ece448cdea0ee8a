using System.Diagnostics;
using System.Text;
using HybridMesh.Testing;

namespace HybridMesh.Core.Tests;

/// <summary>The script as a real shell runs it, on files of the test's own.</summary>
public sealed class SidecarScriptTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("hybridmesh-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_AreReadAsTheyAre()
    {
        Write(SidecarPlaces.ClusterEnv, "SERVICE_ACCOUNT='it'\"'\"'s'\n");
        Write(SidecarPlaces.RootCert, "PEM\n");

        SidecarReport report = SidecarReport.Parse(await RunAsync());

        Assert.True(report.IsWhole);
        Assert.Equal("PEM\n", report.Text("package-root"));
        Assert.Equal("it's", SidecarEnv.Parse(report.Text("package-env")!).ServiceAccount);
        Assert.Null(report.Text("container-env"));
        Assert.NotNull(report.Time("installed"));
        Assert.NotNull(report.Time("boot"));
        Assert.Contains("localhost", report.Text("hosts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_NeverLeavesTheVmAsAWhole()
    {
        Write(SidecarPlaces.Token, FakeSidecar.MakeToken(Now) + "\n");

        string output = await RunAsync();

        Assert.DoesNotContain("SIGNATURE", output, StringComparison.Ordinal);
        Assert.Equal(Now, SidecarReport.Parse(output).Token("package-token").Facts!.Expires);
    }

    [Theory]
    [InlineData("an-opaque-secret")]
    [InlineData("half.secret")]
    [InlineData("s.e.c.r")]
    [InlineData("a.sec ret.c")]
    [InlineData("")]
    public async Task Token_OfAnotherKind_DoesNotLeaveTheVm(string token)
    {
        Write(SidecarPlaces.Token, token);

        string output = await RunAsync();

        Assert.Contains("package-token malformed", output, StringComparison.Ordinal);
        Assert.True(token.Length == 0 || !output.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Token_Missing_IsSaid() =>
        Assert.Equal(SidecarTokenState.Missing, SidecarReport.Parse(await RunAsync()).Token("package-token").State);

    private void Write(string place, string text)
    {
        string file = _folder + place;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private async Task<string> RunAsync()
    {
        string script = SidecarScript.Build(new Uri("http://127.0.0.1:9/"), "hmready", app: null, "hmapp");
        StringBuilder moved = new(script);
        foreach (string place in new[]
        {
            SidecarPlaces.ClusterEnv, SidecarPlaces.RootCert, SidecarPlaces.CertChain, SidecarPlaces.Token,
            SidecarPlaces.KeptToken, SidecarPlaces.ContainerFolder,
        })
        {
            moved.Replace($"='{place}'\n", $"='{_folder}{place}'\n");
        }

        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-s"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = shell.StandardOutput.ReadToEndAsync();
        Task<string> error = shell.StandardError.ReadToEndAsync();
        await shell.StandardInput.WriteAsync(moved.ToString());
        shell.StandardInput.Close();
        await shell.WaitForExitAsync();
        Assert.Equal("", await error);
        return await output;
    }
}
