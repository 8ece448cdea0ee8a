using System.Management.Automation;
using System.Runtime.Loader;
using HybridMesh.Testing;

namespace HybridMesh.Module.Tests;

public sealed class ImportTests
{
    private const string ListCommands = "Get-Command -Module HybridMesh | ForEach-Object Name";

    private readonly string _import = $"Import-Module '{RepositoryFiles.Manifest}'";

    [Fact]
    public void Import_ExportsWhatTheManifestLists()
    {
        using CmdletHost host = CmdletHost.ForModule();

        string[] listed =
        [
            .. host.Expect($"(Test-ModuleManifest '{RepositoryFiles.Manifest}').ExportedCmdlets.Keys")
                .Select(name => (string)name.BaseObject).Order(StringComparer.Ordinal),
        ];

        Assert.NotEmpty(listed);
        Assert.Equal(listed, Names(host));
    }

    [Fact]
    public void Reimport_Force_KeepsCommands()
    {
        using CmdletHost host = CmdletHost.ForModule();
        string[] before = Names(host);

        host.Expect(_import + " -Force");

        Assert.Equal(before, Names(host));
        Assert.Equal(["NotConnected"], host.Run("Get-MeshConnection").ErrorIds);
    }

    [Fact]
    public void Remove_TakesTheCommandsAway_AndImportBringsThemBack()
    {
        using CmdletHost host = CmdletHost.ForModule();
        string[] before = Names(host);

        host.Expect("Remove-Module HybridMesh");
        Assert.Empty(Names(host));

        host.Expect(_import);
        Assert.Equal(before, Names(host));
    }

    [Fact]
    public void Import_InASecondRunspace_Works()
    {
        using CmdletHost first = CmdletHost.ForModule();
        using CmdletHost second = CmdletHost.ForModule();

        Assert.Equal(Names(first), Names(second));
    }

    [Fact]
    public void Import_ExportsNothingButCmdlets()
    {
        using CmdletHost host = CmdletHost.ForModule();

        Assert.Equal(
            [0, 0, 0],
            host.Expect("$m = Get-Module HybridMesh; $m.ExportedFunctions.Count; $m.ExportedVariables.Count; $m.ExportedAliases.Count")
                .Select(count => (int)count.BaseObject));
    }

    [Fact]
    public void Types_OfCoreResolveInScripts()
    {
        using CmdletHost host = CmdletHost.ForModule();

        ScriptRun run = host.Run("[HybridMesh.Core.MeshVm]@{ Name = 'a'; Address = '10.0.0.1' } | ForEach-Object VmName");

        Assert.Equal(["a"], run.OutputAs<string>());
    }

    [Fact]
    public void Packages_StayInThePrivateContext_AndCoreInTheDefaultOne()
    {
        using CmdletHost host = CmdletHost.ForModule();
        string list = Path.GetTempFileName();
        string yaml = Path.ChangeExtension(list, ".yaml");
        File.Move(list, yaml);
        File.WriteAllText(yaml, "- Address: 10.0.0.1\n");
        host.With("yaml", yaml).Expect("Import-MeshVm $yaml");
        host.Run("Connect-Mesh -Kubeconfig $yaml");
        File.Delete(yaml);

        string[] shared = Assemblies(AssemblyLoadContext.Default);
        string[] apart = Assemblies(AssemblyLoadContext.All.Single(context => context.Name == "HybridMesh"));

        Assert.Contains("HybridMesh.Core", shared);
        Assert.Contains("HybridMesh.Loader", shared);
        Assert.Contains("YamlDotNet", apart);
        Assert.Contains("KubernetesClient", apart);
        Assert.DoesNotContain("HybridMesh.Core", apart);
        Assert.DoesNotContain("System.Management.Automation", apart);
        Assert.Empty(shared.Intersect(["HybridMesh.Cmdlets", "YamlDotNet", "KubernetesClient", "Renci.SshNet", "BouncyCastle.Cryptography"]));
    }

    private static string[] Names(CmdletHost host) =>
        [.. host.Expect(ListCommands).Select(name => (string)name.BaseObject).Order(StringComparer.Ordinal)];

    private static string[] Assemblies(AssemblyLoadContext context) =>
        [.. context.Assemblies.Select(assembly => assembly.GetName().Name!)];
}
