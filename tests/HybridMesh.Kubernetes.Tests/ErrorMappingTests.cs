using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Kubernetes.Tests;

/// <summary>What an API server's refusals become; by a stub, because a server can't be made to refuse at will.</summary>
public sealed class ErrorMappingTests
{
    private static readonly JsonObject Pod =
        JsonNode.Parse("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"n"}}""")!.AsObject();

    [Fact]
    public async Task Unauthorized_SuggestsFreshKubeconfig()
    {
        MeshException e = await FailAsync(401, StubServer.Status(401, "Unauthorized", "Unauthorized"));

        Assert.Equal(MeshErrorCode.Unauthorized, e.Code);
        Assert.Contains("fresh kubeconfig", e.Message);
        Assert.Contains("context 'stub'", e.Message);
        Assert.DoesNotContain("secret-token", e.Message);
    }

    [Fact]
    public async Task Forbidden_NamesUserVerbResourceAndRole()
    {
        MeshException e = await FailAsync(403, StubServer.Status(
            403, "Forbidden", "pods \"a\" is forbidden: User \"eric\" cannot get resource \"pods\" in API group \"\" in the namespace \"n\""));

        Assert.Equal(MeshErrorCode.Forbidden, e.Code);
        Assert.StartsWith("User \"eric\" may not get pods in namespace n at http://", e.Message);
        Assert.Contains("apiGroups [\"\"], resources [pods], verbs [get]", e.Message);
    }

    [Fact]
    public async Task Forbidden_ByQuota_KeepsTheServersWords()
    {
        MeshException e = await FailAsync(403, StubServer.Status(403, "Forbidden", "exceeded quota: team"));

        Assert.Equal(MeshErrorCode.Forbidden, e.Code);
        Assert.Contains("exceeded quota: team", e.Message);
        Assert.DoesNotContain("Role", e.Message);
    }

    [Fact]
    public async Task NotFound_WithoutDetails_IsKindNotServed()
    {
        MeshException e = await FailAsync(404, "404 page not found\n");

        Assert.Equal(MeshErrorCode.KindNotServed, e.Code);
        Assert.Contains("does not serve pods", e.Message);
    }

    [Fact]
    public async Task Apply_NamespaceMissing_NamesTheNamespace()
    {
        await using StubServer server = new(_ => new(404, StubServer.Status(
            404, "NotFound", "namespaces \"n\" not found", """{"name":"n","kind":"namespaces"}""")));
        await using IKubernetesApi api = await server.OpenAsync();

        MeshException e = await Assert.ThrowsAsync<MeshException>(
            () => api.ApplyAsync(KubernetesKind.Pod, Pod, new("m"), CancellationToken.None));

        Assert.Equal(MeshErrorCode.ObjectNotFound, e.Code);
        Assert.StartsWith("Namespace n does not exist", e.Message);
    }

    [Fact]
    public async Task Apply_FieldConflict_NamesFieldAndManager()
    {
        await using StubServer server = new(_ => new(409, StubServer.Status(
            409, "Conflict", "Apply failed with 1 conflict",
            """{"causes":[{"reason":"FieldManagerConflict","message":"conflict with \"kubectl\" using v1","field":".spec.hostNetwork"}]}""")));
        await using IKubernetesApi api = await server.OpenAsync();

        MeshException e = await Assert.ThrowsAsync<MeshException>(
            () => api.ApplyAsync(KubernetesKind.Pod, Pod, new("m"), CancellationToken.None));

        Assert.Equal(MeshErrorCode.Conflict, e.Code);
        Assert.StartsWith("Pod n/a at http://", e.Message);
        Assert.Contains(".spec.hostNetwork belongs to 'kubectl'", e.Message);
    }

    [Fact]
    public async Task Create_Existing_IsObjectExists()
    {
        await using StubServer server = new(_ => new(409, StubServer.Status(409, "AlreadyExists", "pods \"a\" already exists")));
        await using IKubernetesApi api = await server.OpenAsync();

        MeshException e = await Assert.ThrowsAsync<MeshException>(
            () => api.CreateAsync(KubernetesKind.Pod, Pod, "m", dryRun: false, CancellationToken.None));

        Assert.Equal(MeshErrorCode.ObjectExists, e.Code);
    }

    [Fact]
    public async Task Invalid_NamesFieldsAndReasons()
    {
        MeshException e = await FailAsync(422, StubServer.Status(
            422, "Invalid", "Pod is invalid", """{"name":"a","causes":[{"reason":"FieldValueInvalid","message":"must be set","field":"spec.containers"}]}"""));

        Assert.Equal(MeshErrorCode.ObjectInvalid, e.Code);
        Assert.EndsWith("Pod n/a: spec.containers: must be set", e.Message);
    }

    [Fact]
    public async Task LoginPageInsteadOfJson_SaysNoApiServer()
    {
        MeshException e = await FailAsync(200, "<html>sign in</html>");

        Assert.Equal(MeshErrorCode.ApiUnreachable, e.Code);
        Assert.Contains("login page", e.Message);
    }

    private static async Task<MeshException> FailAsync(int code, string body)
    {
        await using StubServer server = new(_ => new(code, body));
        await using IKubernetesApi api = await server.OpenAsync();
        return await Assert.ThrowsAsync<MeshException>(
            () => api.FindAsync(KubernetesKind.Pod, "n", "a", CancellationToken.None));
    }
}
