using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Module.Tests;

public sealed partial class PackagingTests(BuiltModule module) : IClassFixture<BuiltModule>
{
    private static readonly string[] Shipped =
    [
        "BouncyCastle.Cryptography", "Fractions", "HdrHistogram", "HybridMesh.Asm", "HybridMesh.Cmdlets", "HybridMesh.Core",
        "HybridMesh.Kubernetes", "HybridMesh.Load", "HybridMesh.Loader", "HybridMesh.Ssh", "HybridMesh.Yaml",
        "KubernetesClient", "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions", "Renci.SshNet", "YamlDotNet",
    ];

    [Fact]
    public void Bin_HoldsOurAssembliesAndTheirPackagesOnly()
    {
        IEnumerable<string?> found =
            Directory.EnumerateFiles(BuiltModule.Bin, "*.dll").Select(Path.GetFileNameWithoutExtension);

        Assert.Empty(found.Except(Shipped));
        Assert.Contains("HybridMesh.Cmdlets", found);
    }

    [Fact]
    public void Core_ReferencesTheBaseClassLibraryOnly()
    {
        IEnumerable<string> references =
            typeof(MeshVm).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

        BuiltModule.None(references.Where(name => !name.StartsWith("System.", StringComparison.Ordinal)
            && name is not ("System" or "Microsoft.Win32.Primitives")));
    }

    [Fact]
    public void Types_OfParametersAndOutputs_AreOursOrTheBaseClassLibrarys()
    {
        module.ForEachCommand(command =>
            BuiltModule.ParametersOf(command).Select(property => property.PropertyType)
                .Concat(command.OutputType.Select(output => output.Type).OfType<Type>())
                .SelectMany(Parts)
                .Where(type => ForeignAssembly().IsMatch(type.Assembly.GetName().Name!))
                .Select(type => $"{type} comes from a package"));
    }

    [Fact]
    public void Formats_LoadWithoutErrors()
    {
        FormatTable table = new(RepositoryFiles.Formats);

        Assert.NotNull(table);
    }

    [Fact]
    public void Views_NameExistingTypesAndProperties()
    {
        XElement[] views = [.. Views("View")];

        Assert.NotEmpty(views);
        BuiltModule.None(views.SelectMany(Misnamed));
    }

    [Fact]
    public void Outputs_AllHaveAView()
    {
        HashSet<string> viewed =
            [.. Views("TypeName").Select(name => name.Value)];

        module.ForEachCommand(command => command.OutputType.Select(output => output.Type)
            .Where(type => type?.Assembly == typeof(MeshVm).Assembly && !viewed.Contains(type.FullName!))
            .Select(type => $"{type} has no table view"));
    }

    [Fact]
    public void MeshVm_RendersAsATable()
    {
        string text = module.Host.Render(
            "[HybridMesh.Core.MeshVm]@{ Name = 'vm1'; Address = '10.0.0.1'; SshHost = 'vm1.example.com'; SshPort = 2222; User = 'ops'; Version = 'v1' }");

        Assert.Equal(
            """

            Name Address  SshHost         SshPort User Version Labels
            ---- -------  -------         ------- ---- ------- ------
            vm1  10.0.0.1 vm1.example.com 2222    ops  v1

            """,
            string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())).TrimEnd('\n') + "\n");
    }

    [Fact]
    public void StringParameters_NeverSwallowAScriptBlock()
    {
        module.ForEachCommand(command => BuiltModule.ParametersOf(command)
            .Where(property => property.PropertyType == typeof(string) || property.PropertyType == typeof(string[]))
            .Where(property => !property.GetCustomAttributes<ParameterAttribute>()
                .Any(parameter => parameter.ValueFromPipelineByPropertyName || parameter.ValueFromPipeline))
            .Where(property => !RefusesBlocks(property))
            .Select(property => $"-{property.Name} neither binds from the pipeline nor carries [PlainText] or the like"));
    }

    [Fact]
    public void Secrets_AreInNoToString()
    {
        IEnumerable<Type> suspects = typeof(MeshVm).Assembly.GetExportedTypes()
            .Where(type => type.GetProperties().Any(property =>
                property.PropertyType == typeof(string) && Secret().IsMatch(property.Name)));

        // A record's own ToString prints every property; one written by hand prints what it means to.
        BuiltModule.None(suspects.Where(type => type.GetMethod("<Clone>$") is not null
            && type.GetMethod("ToString", Type.EmptyTypes)!
                .IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)))
            .Select(type => $"{type} prints its secret"));
    }

    private bool RefusesBlocks(PropertyInfo property)
    {
        EngineIntrinsics engine = (EngineIntrinsics)module.Host.Expect("$ExecutionContext")[0].BaseObject;
        return property.GetCustomAttributes<ArgumentTransformationAttribute>().Any(attribute =>
            Record.Exception(() => attribute.Transform(engine, ScriptBlock.Create("$_"))) is ArgumentTransformationMetadataException);
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type)
        : type.HasElementType ? Parts(type.GetElementType()!)
        : [type];

    private static IEnumerable<string> Misnamed(XElement view)
    {
        string typeName = view.Descendants("TypeName").First().Value;
        Type? type = typeof(MeshVm).Assembly.GetType(typeName);
        return type is null
            ? [$"there is no type {typeName}"]
            : view.Descendants("PropertyName").Select(name => name.Value)
                .Where(name => type.GetProperty(name) is null)
                .Select(name => $"{typeName} has no property {name}");
    }

    [GeneratedRegex("^(KubernetesClient|Renci|YamlDotNet|BouncyCastle|Fractions|HdrHistogram|Microsoft.Extensions)")]
    private static partial Regex ForeignAssembly();

    [GeneratedRegex("(Secret|Password|Token|AccessKey)$")]
    private static partial Regex Secret();

    private static IEnumerable<XElement> Views(string element) =>
        RepositoryFiles.Formats.SelectMany(file => XDocument.Load(file).Descendants(element));
}
