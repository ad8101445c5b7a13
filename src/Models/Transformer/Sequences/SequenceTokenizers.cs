using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>The vocabularies of a run from sequences to sequences: learned from its training text, kept in its folder.</summary>
internal sealed record SequenceTokenizers(ITokenizer Source, ITokenizer Target)
{
    private const string SourceFile = "tokenizer.source.json", TargetFile = "tokenizer.target.json", JointFile = "tokenizer.json";

    /// <summary>Those of a folder; null if it has none.</summary>
    /// <exception cref="DataFileException">A file is damaged.</exception>
    public static SequenceTokenizers? Load(string folder)
    {
        string joint = Path.Combine(folder, JointFile), source = Path.Combine(folder, SourceFile), target = Path.Combine(folder, TargetFile);
        if (File.Exists(joint)) return TokenizerFile.Load(joint) is var both ? new(both, both) : null;
        return File.Exists(source) && File.Exists(target) ? new(TokenizerFile.Load(source), TokenizerFile.Load(target)) : null;
    }

    /// <summary>Writes them to a folder.</summary>
    public void Save(string folder)
    {
        if (ReferenceEquals(Source, Target)) Source.Save(Path.Combine(folder, JointFile));
        else
        {
            Source.Save(Path.Combine(folder, SourceFile));
            Target.Save(Path.Combine(folder, TargetFile));
        }
    }
}
