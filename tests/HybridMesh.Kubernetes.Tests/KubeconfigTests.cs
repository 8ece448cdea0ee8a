using HybridMesh.Core;

namespace HybridMesh.Kubernetes.Tests;

public sealed class KubeconfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hybridmesh-").FullName;
    private readonly KubernetesApiFactory _factory = new(TimeProvider.System);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Open_FileMissing_NamesIt()
    {
        string path = Path.Combine(_folder, "none");

        MeshException e = await FailAsync(path, null);

        Assert.Contains($"'{path}' does not exist", e.Message);
    }

    [Fact]
    public async Task Open_ContextMissing_ListsTheContexts()
    {
        MeshException e = await FailAsync(Write(StubServer.Kubeconfig("http://127.0.0.1:1", "lab-data")), "prod");

        Assert.Contains("has no context 'prod'. It has: lab-data.", e.Message);
    }

    [Fact]
    public async Task Open_NoCurrentContext_AsksForOne()
    {
        string text = StubServer.Kubeconfig("http://127.0.0.1:1", "lab-data").Replace("current-context: lab-data\n", "");

        MeshException e = await FailAsync(Write(text), null);

        Assert.Contains("no current-context. It has: lab-data.", e.Message);
    }

    [Theory]
    [InlineData("{ not yaml")]
    [InlineData("kind: Deployment")]
    [InlineData("")]
    public async Task Open_NoKubeconfig_SaysItCannotBeRead(string text)
    {
        MeshException e = await FailAsync(Write(text), null);

        Assert.Contains("can't be read", e.Message);
    }

    [Fact]
    public async Task Open_LoginPluginMissing_NamesContextAndPlugin()
    {
        string text = StubServer.Kubeconfig("http://127.0.0.1:1").Replace(
            "{ token: secret-token }",
            "{ exec: { apiVersion: client.authentication.k8s.io/v1, command: hybridmesh-no-such-plugin } }");

        MeshException e = await FailAsync(Write(text), null);

        Assert.Contains("Context 'stub'", e.Message);
        Assert.Contains("hybridmesh-no-such-plugin", e.Message);
    }

    [Fact]
    public async Task Open_LoginPlugin_GivesItsToken()
    {
        string plugin = Path.Combine(_folder, "login");
        await File.WriteAllTextAsync(plugin,
            "#!/bin/sh\necho '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"from-plugin\"}}'\n");
        if (OperatingSystem.IsWindows())
        {
            return; // the plugin is a shell script
        }

        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using StubServer server = new(_ => new(200, """{"gitVersion":"v1.36.0"}"""));
        string text = StubServer.Kubeconfig(server.Url).Replace(
            "{ token: secret-token }", "{ exec: { apiVersion: client.authentication.k8s.io/v1, command: ./login } }");
        await using IKubernetesApi api = await _factory.OpenAsync(Write(text), null, CancellationToken.None);

        Assert.Equal("v1.36.0", await api.GetVersionAsync(CancellationToken.None));
        Assert.Equal("Bearer from-plugin", Assert.Single(server.Requests).Authorization);
    }

    [Fact]
    public async Task Open_ExplicitContext_UsesItsNamespaceAndToken()
    {
        await using StubServer server = new(_ => new(200, """{"gitVersion":"v1.36.0"}"""));
        await using IKubernetesApi api =
            await _factory.OpenAsync(Write(StubServer.Kubeconfig(server.Url, "a")), "a", CancellationToken.None);

        await api.GetVersionAsync(CancellationToken.None);

        Assert.Equal("team", api.DefaultNamespace);
        Assert.Equal("a", api.Context);
        Assert.Equal("Bearer secret-token", Assert.Single(server.Requests).Authorization);
    }

    private string Write(string text)
    {
        string path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<MeshException> FailAsync(string path, string? context)
    {
        MeshException e = await Assert.ThrowsAsync<MeshException>(
            () => _factory.OpenAsync(path, context, CancellationToken.None));
        Assert.Equal(MeshErrorCode.KubeconfigInvalid, e.Code);
        return e;
    }
}
