using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab.Tests;

public sealed class ExecTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private string _ns = "";

    public async Task InitializeAsync()
    {
        _ns = await api.NewNamespaceAsync();
        await api.Client.PostAsync($"/api/v1/namespaces/{_ns}/pods", """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"app","image":"i"}]}}
            """);
        SetPhase("Running");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("v4.channel.k8s.io")]
    [InlineData("v5.channel.k8s.io")]
    public async Task Exec_Output_ComesOnItsChannel(string protocol)
    {
        Dictionary<int, string> channels = await ExecAsync(protocol, null, "echo", "one", "two");
        Assert.Equal("one two\n", channels[1]);
        Assert.Equal("""{"metadata":{},"status":"Success"}""", channels[3]);
    }

    [Fact]
    public async Task Exec_NonZeroExit_IsACauseOfTheStatus()
    {
        Dictionary<int, string> channels = await ExecAsync("v4.channel.k8s.io", null, "fail");
        Assert.Equal("broken\n", channels[2]);
        JsonNode status = JsonNode.Parse(channels[3])!;
        Assert.Equal("NonZeroExitCode", (string?)status["reason"]);
        Assert.Equal("ExitCode", (string?)status["details"]!["causes"]![0]!["reason"]);
        Assert.Equal("3", (string?)status["details"]!["causes"]![0]!["message"]);
    }

    [Fact]
    public async Task Exec_Input_EndsWithTheCloseSignal()
    {
        Dictionary<int, string> channels = await ExecAsync("v5.channel.k8s.io", "some text", "cat");
        Assert.Equal("some text", channels[1]);
    }

    [Fact]
    public async Task Exec_WhatCannotBe_IsRefusedBeforeTheUpgrade()
    {
        string path = $"/api/v1/namespaces/{_ns}/pods";
        Assert.Equal("pods \"q\" not found", (await api.Client.PostAsync($"{path}/q/exec?command=a&stdout=1", "")).Message);
        Assert.Equal(
            "container side is not valid for pod p",
            (await api.Client.PostAsync($"{path}/p/exec?command=a&container=side&stdout=1", "")).Message);
        Assert.Equal("Upgrade request required", (await api.Client.PostAsync($"{path}/p/exec?command=a&stdout=1", "")).Message);
        SetPhase("Pending");
        await Assert.ThrowsAsync<WebSocketException>(() => ExecAsync("v5.channel.k8s.io", null, "echo"));
    }

    [Fact]
    public async Task Log_Tail_GivesTheLastLines()
    {
        ApiAnswer answer = await api.Client.GetAsync($"/api/v1/namespaces/{_ns}/pods/p/log?tailLines=1");
        Assert.Equal("second of app\n", (string?)answer.Body["text"]);
    }

    private void SetPhase(string phase) => api.Store.Update("Pod", _ns, "p", pod =>
    {
        pod!["status"] = new JsonObject { ["phase"] = phase };
        return pod;
    });

    private async Task<Dictionary<int, string>> ExecAsync(string protocol, string? input, params string[] command)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(20));
        using ClientWebSocket socket = new();
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(api.CaPem);
        socket.Options.AddSubProtocol(protocol);
        socket.Options.SetRequestHeader("Authorization", $"Bearer {ApiFixture.AdminToken}");
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(authority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return chain.Build((X509Certificate2)certificate!);
        };
        string query = string.Join('&', command.Select(part => "command=" + Uri.EscapeDataString(part)));
        UriBuilder target = new(api.Server.Uri)
        {
            Scheme = "wss",
            Path = $"/api/v1/namespaces/{_ns}/pods/p/exec",
            Query = $"{query}&stdout=true&stderr=true{(input is null ? "" : "&stdin=true")}",
        };
        await socket.ConnectAsync(target.Uri, deadline.Token);
        if (input is not null)
        {
            await socket.SendAsync(
                new byte[] { 0 }.Concat(Encoding.UTF8.GetBytes(input)).ToArray(), WebSocketMessageType.Binary, true,
                deadline.Token);
            await socket.SendAsync(new byte[] { 255, 0 }, WebSocketMessageType.Binary, true, deadline.Token);
        }

        Dictionary<int, string> channels = [];
        byte[] buffer = new byte[4096];
        while (true)
        {
            WebSocketReceiveResult got = await socket.ReceiveAsync(buffer, deadline.Token);
            if (got.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", deadline.Token);
                return channels;
            }

            channels[buffer[0]] = channels.GetValueOrDefault(buffer[0], "") + Encoding.UTF8.GetString(buffer, 1, got.Count - 1);
        }
    }
}
