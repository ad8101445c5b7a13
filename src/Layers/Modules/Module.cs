using System.Text;

namespace GpuNets;

/// <summary>A layer or a model: parameters made by <see cref="Vars"/> and a forward method. Prints as a tree with parameter counts.</summary>
public abstract class Module
{
    /// <summary>Registers the module under the path of <paramref name="vars"/>.</summary>
    protected Module(Vars vars)
    {
        Vars = vars;
        vars.Register(this);
    }

    /// <summary>The cursor that made this module's parameters.</summary>
    protected Vars Vars { get; }

    /// <summary>Its path in checkpoints; empty for a root model.</summary>
    public string Path => Vars.Path;

    /// <summary>Its parameters and those of the modules in it.</summary>
    public IReadOnlyList<Parameter> Parameters => Vars.Parameters;

    /// <summary>Number of trainable values.</summary>
    public long ParameterCount => Parameters.Sum(parameter => (long)parameter.Count);

    /// <summary>One line that tells what the module is: <c>Linear(784 -> 128)</c>.</summary>
    protected abstract string Describe();

    /// <summary>The tree of modules with their parameter counts.</summary>
    public sealed override string ToString()
    {
        var text = new StringBuilder();
        string prefix = Path.Length == 0 ? "" : Path + ".";
        text.Append(Describe()).Append($", {ParameterCount:N0} parameters");
        foreach (var (path, module) in Vars.Modules)
        {
            if (ReferenceEquals(module, this) || !path.StartsWith(prefix, StringComparison.Ordinal) || path.Length <= prefix.Length) continue;
            string name = path[prefix.Length..];
            int depth = name.Count(c => c == '.') + 1;
            text.Append('\n').Append(' ', depth * 2).Append($"{name}: {module.Describe()}, {module.ParameterCount:N0}");
        }
        return text.ToString();
    }
}
