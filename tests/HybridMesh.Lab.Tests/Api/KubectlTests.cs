using System.Diagnostics;
using System.Text.Json.Nodes;
using HybridMesh.Testing;

namespace HybridMesh.Lab.Tests;

/// <summary>A client no one here wrote, against the lab's API server. Runs where kubectl is on PATH.</summary>
public sealed class KubectlTests(ApiFixture api) : IClassFixture<ApiFixture>, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly string _home = Directory.CreateTempSubdirectory("hm-kubectl-").FullName;

    public void Dispose() => Directory.Delete(_home, true);

    [KubectlFact]
    public async Task Kubectl_EverydayCommands_Work()
    {
        await RunAsync("create", "ns", "shop");
        await RunAsync("label", "ns", "shop", "istio-injection=enabled");
        Assert.Equal("enabled", await RunAsync("get", "ns", "shop", "-o", "jsonpath={.metadata.labels.istio-injection}"));
        string manifest = Path.Combine(_home, "all.yaml");
        await File.WriteAllTextAsync(manifest, Manifest);
        string applied = await RunAsync("apply", "--server-side", "--validate=false", "-f", manifest);
        Assert.Contains("deployment.apps/hello serverside-applied", applied, StringComparison.Ordinal);
        Assert.Contains("virtualservice.networking.istio.io/hello serverside-applied", applied, StringComparison.Ordinal);
        string version = await RunAsync("-n", "shop", "get", "vs", "hello", "-o", "jsonpath={.metadata.resourceVersion}");
        await RunAsync("apply", "--server-side", "--validate=false", "-f", manifest);
        Assert.Equal(
            version, await RunAsync("-n", "shop", "get", "vs", "hello", "-o", "jsonpath={.metadata.resourceVersion}"));

        string yaml = await RunAsync("-n", "shop", "get", "svc", "hello", "-o", "yaml");
        Assert.Contains("clusterIP: 127.", yaml, StringComparison.Ordinal);
        Assert.Contains("targetPort: 8001", yaml, StringComparison.Ordinal);
        Assert.Matches(@"hello\s+ClusterIP\s+127\.", await RunAsync("-n", "shop", "get", "svc"));
        Assert.Contains("hello", await RunAsync("get", "deploy", "-A", "-l", "app=hello"), StringComparison.Ordinal);
        await RunAsync("-n", "shop", "patch", "vs", "hello", "--type", "merge", "-p", """{"spec":{"hosts":["two"]}}""");
        Assert.Equal("two", await RunAsync("-n", "shop", "get", "vs", "hello", "-o", "jsonpath={.spec.hosts[0]}"));
        (int code, _, string error) = await TryAsync("apply", "--server-side", "--validate=false", "-f", manifest);
        Assert.NotEqual(0, code);
        Assert.Contains(
            "conflict with \"kubectl-patch\" using networking.istio.io/v1: .spec.hosts", error, StringComparison.Ordinal);
        await RunAsync("-n", "shop", "delete", "svc/hello", "deploy/hello", "vs/hello");
        Assert.Contains("(NotFound)", (await TryAsync("-n", "shop", "get", "vs", "hello")).Error, StringComparison.Ordinal);
        await RunAsync("delete", "ns", "shop");
    }

    [KubectlFact]
    public async Task Kubectl_TypedCreates_WorkInTheirOwnForm()
    {
        string ns = await api.NewNamespaceAsync();
        await RunAsync("-n", ns, "create", "configmap", "m", "--from-literal=a=b");
        await RunAsync("-n", ns, "create", "secret", "generic", "s", "--from-literal=a=b");
        await RunAsync("-n", ns, "create", "serviceaccount", "vm");
        Assert.Equal("b", await RunAsync("-n", ns, "get", "cm", "m", "-o", "jsonpath={.data.a}"));
        Assert.Equal("Yg==", await RunAsync("-n", ns, "get", "secret", "s", "-o", "jsonpath={.data.a}"));
        Assert.NotEqual("", await RunAsync("-n", ns, "create", "token", "vm", "--audience=istio-ca", "--duration=1h"));
        Assert.Contains("(AlreadyExists)", (await TryAsync("create", "ns", ns)).Error, StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task Kubectl_WaitWatchAndExec_Work()
    {
        string ns = await api.NewNamespaceAsync();
        await api.Client.PostAsync($"/api/v1/namespaces/{ns}/pods", """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"one"},"spec":{"containers":[{"name":"app","image":"x:1"}]}}
            """);
        Task<string> waiting = RunAsync("-n", ns, "wait", "--for=condition=ready", "pod/one", "--timeout=30s");
        using CancellationTokenSource end = new(Deadline);
        Task<string> watching = FirstLineAsync(end.Token, "-n", ns, "get", "pods", "-w", "-o", "name");
        api.Store.Update("Pod", ns, "one", pod =>
        {
            pod!["status"] = JsonNode.Parse("""
                {"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}
                """);
            return pod;
        });
        Assert.Contains("condition met", await waiting, StringComparison.Ordinal);
        Assert.Equal("pod/one", await watching);
        Assert.Equal("hi there", await RunAsync("-n", ns, "exec", "one", "--", "echo", "hi", "there"));
        (int code, _, string error) = await TryAsync("-n", ns, "exec", "one", "--", "fail");
        Assert.Equal(3, code);
        Assert.Contains("broken", error, StringComparison.Ordinal);
        Assert.Contains("second of app", await RunAsync("-n", ns, "logs", "one"), StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        (int code, string output, string error) = await TryAsync(arguments);
        Assert.True(code == 0, $"kubectl {string.Join(' ', arguments)} ended {code}: {error}{output}");
        return output.TrimEnd();
    }

    private async Task<(int Code, string Output, string Error)> TryAsync(params string[] arguments)
    {
        using CancellationTokenSource deadline = new(Deadline);
        using Process process = Start(arguments);
        try
        {
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(true);
            }
        }
    }

    private async Task<string> FirstLineAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using Process process = Start(arguments);
        try
        {
            return await process.StandardOutput.ReadLineAsync(cancellationToken) ?? "";
        }
        finally
        {
            process.Kill(true);
        }
    }

    private Process Start(string[] arguments)
    {
        string kubeconfig = Path.Combine(_home, "config");
        if (!File.Exists(kubeconfig))
        {
            KubeconfigFile.Write(kubeconfig, "lab", api.Server.Uri, api.CaPem, ApiFixture.AdminToken);
        }

        ProcessStartInfo start = new("kubectl", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = kubeconfig;
        start.Environment["HOME"] = _home;
        foreach (string proxy in (string[])["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"])
        {
            start.Environment.Remove(proxy);
        }

        return Process.Start(start)!;
    }

    private const string Manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: hello
          namespace: shop
          labels: {app: hello}
        spec:
          selector:
            matchLabels: {app: hello}
          template:
            metadata:
              labels: {app: hello}
            spec:
              containers:
              - name: hello
                image: example/http_v1:1
                ports:
                - containerPort: 8001
                env:
                - name: BACKEND
                  value: "yes"
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: hello
          namespace: shop
        spec:
          selector: {app: hello}
          ports:
          - name: http
            port: 8004
            targetPort: 8001
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: hello
          namespace: shop
        spec:
          hosts: [hello]
          http:
          - name: all
            match:
            - uri:
                prefix: /hello
            route:
            - destination: {host: hello, subset: v1}
              weight: 30
            - destination: {host: hello, subset: v2}
              weight: 70
        """;
}
