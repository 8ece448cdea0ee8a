using System.Text.Json;
using Grpc.Core;
using HybridMesh.Testing;

namespace HybridMesh.Lab.Tests;

/// <summary>VMs: separate file trees behind real SSH servers, with a docker that starts the scenario's app.</summary>
public sealed class VmTests(VmLab fixture) : IClassFixture<VmLab>, IAsyncLifetime
{
    private readonly LabFixture _lab = fixture.Lab;

    public Task InitializeAsync() => fixture.ClearAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task File_WrittenOnOneVm_IsNeitherOnAnotherNorOnTheHost()
    {
        string name = $"/etc/written-{Guid.NewGuid():N}";
        _ = (await LabFixture.RunOnVmAsync(_lab.Vms[0], $"echo here > {name}; echo 1.2.3.4 x >> /etc/hosts")).Text;

        Assert.Equal("here", (await LabFixture.RunOnVmAsync(_lab.Vms[0], $"cat {name}")).Text);
        Assert.NotEqual(0, (await LabFixture.RunOnVmAsync(_lab.Vms[1], $"cat {name}")).ExitCode);
        Assert.False(File.Exists(name));
        Assert.DoesNotContain("1.2.3.4", await File.ReadAllTextAsync("/etc/hosts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vm_ShowsItsOwnNameAndAFreshHome()
    {
        LabVm vm = _lab.Vms[1];

        Assert.Equal("vm2", (await LabFixture.RunOnVmAsync(vm, "hostname")).Text);
        Assert.Equal(".ssh", (await LabFixture.RunOnVmAsync(vm, "ls -A ~")).Text);
        Assert.Equal($"{vm.Address} vm2", (await LabFixture.RunOnVmAsync(vm, "getent hosts vm2 | tr -s ' '")).Text);
    }

    [Fact]
    public async Task DockerRun_SecondWithTheSameName_FailsAsDockerDoes()
    {
        const string Run = "docker run -d --network host --name twice example/http_springboot_v1:1.0.1";
        string id = (await LabFixture.RunOnVmAsync(_lab.Vms[0], Run)).Text;

        ProcessResult second = await LabFixture.RunOnVmAsync(_lab.Vms[0], Run);

        Assert.Equal(125, second.ExitCode);
        Assert.Contains("The container name \"/twice\" is already in use by container \"" + id, second.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task DockerInspect_TellsWhatRunWasGiven()
    {
        _ = (await LabFixture.RunOnVmAsync(_lab.Vms[2], "docker run -d --network host --name told --label owner=me "
            + "-e 'QUOTED=a \"b\" \\c' example/http_springboot_v3:1.0.1")).Text;

        string text = (await LabFixture.RunOnVmAsync(_lab.Vms[2], "docker inspect told")).Text;

        JsonElement told = JsonDocument.Parse(text).RootElement[0];
        Assert.Equal("/told", told.GetProperty("Name").GetString());
        Assert.True(told.GetProperty("State").GetProperty("Running").GetBoolean());
        Assert.Equal("example/http_springboot_v3:1.0.1", told.GetProperty("Config").GetProperty("Image").GetString());
        Assert.Equal("QUOTED=a \"b\" \\c", told.GetProperty("Config").GetProperty("Env")[0].GetString());
        Assert.Equal("me", told.GetProperty("Config").GetProperty("Labels").GetProperty("owner").GetString());
    }

    [Fact]
    public async Task DockerRun_UnknownImage_FailsAsDockerDoes()
    {
        ProcessResult run = await LabFixture.RunOnVmAsync(_lab.Vms[0], "docker run -d --name none example/redis");

        Assert.Equal(125, run.ExitCode);
        Assert.Contains("Unable to find image 'example/redis:latest' locally", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_OfEachVersion_GreetsInItsLanguage()
    {
        foreach (LabVm vm in _lab.Vms)
        {
            await _lab.StartAppAsync(vm, "greets");
        }

        string[] hello = await Task.WhenAll(
            _lab.Vms.Select(vm => LabFixture.GetAsync($"http://{vm.Address}:8001/hello/eric")));
        string[] bye = await Task.WhenAll(_lab.Vms.Select(vm => LabFixture.GetAsync($"http://{vm.Address}:8001/bye")));

        Assert.Equal(["Hello eric", "Bonjour eric", "Hola eric"], hello.Select(text => text[..text.IndexOf('(')]));
        Assert.Equal(_lab.Vms.Zip(["Bye bye", "Au revoir", "Adióbais"], (vm, word) => $"{word}({vm.Address})"), bye);
    }

    [Fact]
    public async Task App_WithBackend_AppendsItsAnswer()
    {
        LabVm first = _lab.Vms[0], second = _lab.Vms[1];
        await _lab.StartAppAsync(second, "last");
        _ = (await LabFixture.RunOnVmAsync(first, $"echo '{second.Address} next-svc.shop' >> /etc/hosts")).Text;
        await _lab.StartAppAsync(first, "chained", "next-svc.shop");

        Assert.Equal(
            $"Hello eric({first.Address})<-Bonjour eric({second.Address})",
            await LabFixture.GetAsync($"http://{first.Address}:8001/hello/eric"));
        Assert.Equal(
            $"Bye byeAu revoir({second.Address})", await LabFixture.GetAsync($"http://{first.Address}:8001/bye"));
    }

    [Fact]
    public async Task GrpcApp_WithBackend_AppendsItsAnswer()
    {
        LabVm first = _lab.Vms[0], second = _lab.Vms[1];
        const string Run = "docker run -d --network host --name";
        _ = (await LabFixture.RunOnVmAsync(second, $"{Run} last example/grpc_springboot_v2:1.0.0")).Text;
        _ = (await LabFixture.RunOnVmAsync(
            first, $"{Run} chained -e GRPC_HELLO_BACKEND={second.Address} example/grpc_springboot_v1:1.0.0")).Text;
        using GreeterClient greeter = new(new Uri($"http://{first.Address}:7001"));
        string answer = "";

        await LabFixture.WaitForAsync(async () =>
        {
            try
            {
                answer = await greeter.SayHelloAsync("eric");
                return true;
            }
            catch (RpcException starting) when (starting.StatusCode == StatusCode.Unavailable)
            {
                return false;
            }
        });

        Assert.Equal($"Hello eric({first.Address})<-Bonjour eric({second.Address})", answer);
    }

    [Fact]
    public async Task App_WhoseBackendHasNoName_SaysSo()
    {
        await _lab.StartAppAsync(_lab.Vms[0], "lost", "nowhere-svc.shop");

        string answer = await LabFixture.GetAsync($"http://{_lab.Vms[0].Address}:8001/hello/eric");

        Assert.Contains("nowhere-svc.shop", answer, StringComparison.Ordinal);
        Assert.Contains("Name or service not known", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VmFault_StopAndStart_KeepsTheDisk()
    {
        LabVm vm = _lab.Vms[2];
        _ = (await LabFixture.RunOnVmAsync(vm, "echo kept > /etc/kept")).Text;

        await _lab.AdminAsync("faults/vm/vm3/stop");
        ProcessResult off = await LabFixture.RunOnVmAsync(vm, "true");
        await _lab.AdminAsync("faults/vm/vm3/start");

        Assert.Contains("Connection refused", off.Error, StringComparison.Ordinal);
        Assert.Equal("kept", (await LabFixture.RunOnVmAsync(vm, "cat /etc/kept")).Text);
    }
}
