using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HybridMesh.Help;

/// <summary>The commands of the built assembly, and the XML comments of their parameters.</summary>
internal sealed partial class CommandCatalog
{
    private readonly Dictionary<string, CommandModel> _commands;

    private CommandCatalog(IEnumerable<CommandModel> commands) =>
        _commands = commands.ToDictionary(command => command.Name, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<CommandModel> Commands => _commands.Values;

    public static CommandCatalog Load(string assemblyPath)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(assemblyPath))!;
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Path.Combine(folder, name.Name + ".dll") is var path && File.Exists(path)
                ? context.LoadFromAssemblyPath(path) : null;
        Assembly assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.GetFullPath(assemblyPath));
        Dictionary<string, string> comments = Comments(Path.ChangeExtension(assemblyPath, ".xml"));
        return new CommandCatalog(
            from type in assembly.GetTypes()
            let cmdlet = type.GetCustomAttribute<CmdletAttribute>()
            where cmdlet is not null && !type.IsAbstract
            select new CommandModel(new CmdletInfo($"{cmdlet.VerbName}-{cmdlet.NounName}", type), comments));
    }

    public CommandModel? Find(string name) => _commands.GetValueOrDefault(name);

    private static Dictionary<string, string> Comments(string path) => !File.Exists(path)
        ? []
        : XDocument.Load(path).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!));

    private static string Text(XElement summary)
    {
        IEnumerable<string> parts = summary.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            // <see cref="P:HybridMesh.Core.MeshVm.Address"/> reads as Address.
            XElement { IsEmpty: true } element => element.Attributes().First().Value.Split('.', ':')[^1],
            XElement element => element.Value,
            _ => "",
        });
        return Blank().Replace(string.Concat(parts), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
