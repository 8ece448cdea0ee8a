namespace HybridMesh.Lab.Tests;

public sealed class KubeconfigFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hm-kubeconfig-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Write_OverAnOpenFile_LeavesItToTheOwnerAlone()
    {
        string path = Path.Combine(_folder, "config");
        File.WriteAllText(path, "old");
        KubeconfigFile.Write(path, "lab", new Uri("https://127.0.0.1:6443/"), "CA", "secret", "shop");
        Assert.Equal("""
            apiVersion: v1
            kind: Config
            current-context: lab
            clusters:
            - name: lab
              cluster:
                server: https://127.0.0.1:6443
                certificate-authority-data: Q0EK
            contexts:
            - name: lab
              context:
                cluster: lab
                user: lab
                namespace: shop
            users:
            - name: lab
              user:
                token: secret

            """, File.ReadAllText(path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Theory]
    [InlineData("data/throttle/3", "TooManyRequests 3  ")]
    [InlineData("data/drop/2/list/pods", "Drop 2 list pods")]
    public void Faults_OfTheAdminEndpoint_ReachTheServer(string fault, string expected)
    {
        ApiFaults data = new(), control = new();
        ApiFaultCalls.Apply(data, control, fault.Split('/'));
        ApiFault added = Assert.Single(data.Pending);
        Assert.Equal(expected, $"{added.Kind} {added.Calls} {added.Verb} {added.Resource}");
        Assert.Empty(control.Pending);
        ApiFaultCalls.Apply(data, control, ["data", "none"]);
        Assert.Empty(data.Pending);
    }

    [Theory]
    [InlineData("data/throttle/0")]
    [InlineData("data/explode/1")]
    [InlineData("moon/drop/1")]
    [InlineData("data/drop/1/a/b/c")]
    public void Faults_Unknown_AreRefused(string fault) =>
        Assert.Throws<KeyNotFoundException>(() => ApiFaultCalls.Apply(new(), new(), fault.Split('/')));
}
