using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class ImportMeshVmCommandTests : IDisposable
{
    private readonly CmdletHost _host = CmdletHost.ForCmdlets(typeof(ImportMeshVmCommand).Assembly);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hybridmesh-import-");

    public ImportMeshVmCommandTests() => _host.With("folder", _folder.FullName);

    public void Dispose()
    {
        _host.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("vms.csv", "Name,Address\nvm1,10.0.0.1\nvm2,10.0.0.2\n")]
    [InlineData("vms.json", """[{ "Name": "vm1", "Address": "10.0.0.1" }, { "Name": "vm2", "Address": "10.0.0.2" }]""")]
    [InlineData("vms.yaml", "- { Name: vm1, Address: 10.0.0.1 }\n- { Name: vm2, Address: 10.0.0.2 }\n")]
    [InlineData("vms.yml", "- Name: vm1\n  Address: 10.0.0.1\n- Name: vm2\n  Address: 10.0.0.2\n")]
    public void Path_InEachNotation_GivesTheSameVms(string name, string text)
    {
        Write(name, text);

        ScriptRun run = _host.Run($"Import-MeshVm $folder/{name}");

        Assert.Empty(run.Errors);
        Assert.Equal(["'vm1' (10.0.0.1)", "'vm2' (10.0.0.2)"], run.OutputAs<Core.MeshVm>().Select(vm => vm.ToString()));
    }

    [Theory]
    [InlineData("\"$folder/vms.csv\" | Import-MeshVm")]
    [InlineData("[IO.FileInfo]\"$folder/vms.csv\" | Import-MeshVm")]
    [InlineData("[pscustomobject]@{ PSPath = \"Microsoft.PowerShell.Core\\FileSystem::$folder/vms.csv\" } | Import-MeshVm")]
    [InlineData("[pscustomobject]@{ Path = \"$folder/vms.csv\" } | Import-MeshVm")]
    [InlineData("[pscustomobject]@{ File = \"$folder/vms.csv\" } | Import-MeshVm -Path { $_.File }")]
    [InlineData("Set-Location $folder; Import-MeshVm ./vms.csv")]
    public void Path_FromThePipelineOrTheLocation_IsFound(string script)
    {
        Write("vms.csv", "Address\n10.0.0.1\n");
        // The bare engine has no Set-Location.
        _host.Runspace.SessionStateProxy.Path.SetLocation(_folder.FullName);

        ScriptRun run = _host.Run(script.Replace("Set-Location $folder; ", "", StringComparison.Ordinal));

        Assert.Equal("10.0.0.1", Assert.Single(run.OutputAs<Core.MeshVm>()).Address);
    }

    [Fact]
    public void WrongRows_AreOneErrorEach_AndNothingIsWritten()
    {
        Write("vms.csv", "Name,Address\nvm1,10.0.0.1\nvm2,x\nvm3,10.0.0.1\n");

        ScriptRun run = _host.Run("Import-MeshVm $folder/vms.csv");

        Assert.Empty(run.Output);
        Assert.Equal(3, run.Errors.Count);
        Assert.All(run.Errors, error =>
        {
            Assert.Equal("InventoryInvalid,HybridMesh.Cmdlets.ImportMeshVmCommand", error.FullyQualifiedErrorId);
            Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
            Assert.Equal($"{_folder.FullName}/vms.csv", error.TargetObject);
        });
        Assert.StartsWith("vms.csv line 3: ", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.StartsWith("vms.csv line 4: ", run.Errors[1].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("2 of its 3", run.Errors[2].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongRows_EndTheStatement_SoThatNothingActsOnPartOfAList()
    {
        Write("vms.csv", "Name,Address\nvm1,x\n");

        ScriptRun run = _host.Run(
            "try { $vms = Import-MeshVm $folder/vms.csv -ErrorAction SilentlyContinue; 'went on' } catch { $_.FullyQualifiedErrorId }");

        Assert.Equal(["InventoryInvalid,HybridMesh.Cmdlets.ImportMeshVmCommand"], run.OutputAs<string>());
    }

    [Fact]
    public void FileMissing_IsAnErrorAboutThatPath_AndTheNextIsRead()
    {
        Write("vms.csv", "Address\n10.0.0.1\n");

        ScriptRun run = _host.Run("\"$folder/none.csv\", \"$folder/vms.csv\" | Import-MeshVm");

        ErrorRecord error = Assert.Single(run.Errors);
        Assert.Equal("FileNotFound,HybridMesh.Cmdlets.ImportMeshVmCommand", error.FullyQualifiedErrorId);
        Assert.Equal($"{_folder.FullName}/none.csv", error.TargetObject);
        Assert.Single(run.Output);
    }

    [Fact]
    public void Path_OfAnotherProvider_IsRefused()
    {
        Assert.Equal(["ArgumentInvalid"], _host.Run("Import-MeshVm Variable:x").ErrorIds);
    }

    [Fact]
    public void Vm_CarriesItsNameAsVmName()
    {
        Write("vms.csv", "Name,Address\nvm1,10.0.0.1\n");

        Assert.Equal(["vm1"], _host.Run("(Import-MeshVm $folder/vms.csv).VmName").OutputAs<string>());
    }

    [Fact]
    public void Stop_WhileStreaming_EndsPromptly()
    {
        Write("vms.csv", Rows(1000));
        using RunningScript running = _host.Start(
            "Import-MeshVm $folder/vms.csv | ForEach-Object { [Threading.Thread]::Sleep(20); $_ }");
        running.WaitForOutput(1);

        TimeSpan took = running.Stop();

        Assert.True(took < TimeSpan.FromSeconds(1), $"Stop took {took}.");
        Assert.True(running.Wait().Output.Count < 1000);
    }

    [Fact]
    public void TenThousandRows_TakeLessThanASecond()
    {
        Write("warm.csv", Rows(10));
        Write("vms.csv", Rows(10_000));
        _host.Run("Import-MeshVm $folder/warm.csv");
        Stopwatch watch = Stopwatch.StartNew();

        ScriptRun run = _host.Run("Import-MeshVm $folder/vms.csv");

        Assert.Equal(10_000, run.Output.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"It took {watch.Elapsed}.");
    }

    private static string Rows(int count)
    {
        StringBuilder text = new("Name,Address,Version\n");
        for (int i = 0; i < count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"vm{i},10.0.{i / 256}.{i % 256},v1\n");
        }

        return text.ToString();
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
