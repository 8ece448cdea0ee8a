using System.Net;

namespace HybridMesh.Lab.Tests;

public sealed class FaultTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData(ApiFaultKind.Conflict, HttpStatusCode.Conflict, "Conflict")]
    [InlineData(ApiFaultKind.TooManyRequests, HttpStatusCode.TooManyRequests, "TooManyRequests")]
    [InlineData(ApiFaultKind.InternalError, HttpStatusCode.InternalServerError, "InternalError")]
    [InlineData(ApiFaultKind.Unavailable, HttpStatusCode.ServiceUnavailable, "ServiceUnavailable")]
    public async Task Fault_IsShownForTheNextCallsOnly(ApiFaultKind kind, HttpStatusCode code, string reason)
    {
        api.Server.Faults.Add(new ApiFault(kind, 2, RetryAfterSeconds: 7));
        for (int i = 0; i < 2; i++)
        {
            ApiAnswer answer = await api.Client.GetAsync("/api/v1/namespaces/default");
            Assert.Equal(code, answer.Code);
            Assert.Equal(reason, answer.Reason);
            Assert.Equal(
                kind == ApiFaultKind.TooManyRequests ? 7 : null, answer.Headers.RetryAfter?.Delta?.TotalSeconds);
        }

        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync("/api/v1/namespaces/default")).Code);
        Assert.Empty(api.Server.Faults.Pending);
    }

    [Fact]
    public async Task Drop_EndsTheConnection()
    {
        api.Server.Faults.Add(new ApiFault(ApiFaultKind.Drop, 1));
        await Assert.ThrowsAsync<HttpRequestException>(() => api.Client.PostAsync("/api/v1/namespaces", "{}"));
        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync("/api/v1/namespaces")).Code);
    }

    [Fact]
    public async Task Filter_LeavesOtherCallsAlone()
    {
        api.Server.Faults.Add(new ApiFault(ApiFaultKind.Unavailable, 1, "list", "pods"));
        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync("/api/v1/namespaces")).Code);
        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync("/readyz")).Code);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.Client.GetAsync("/api/v1/pods")).Code);
        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync("/api/v1/pods")).Code);
    }
}
