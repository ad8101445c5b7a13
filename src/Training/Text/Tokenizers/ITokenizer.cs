namespace GpuNets.Training;

/// <summary>Turns lines of text into ids of a vocabulary and back. Safe from several threads.</summary>
public interface ITokenizer
{
    /// <summary>The tokens by id.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>How text is taken apart into words before the vocabulary is asked.</summary>
    TextOptions Text { get; }

    /// <summary>Number of ids, special ones included.</summary>
    int Count => Vocabulary.Count;

    /// <summary>
    /// SHA-256 of everything that encoding depends on. Kept beside a model it tells a vocabulary of another model, even one of the same size.
    /// </summary>
    string Fingerprint { get; }

    /// <summary>The ids of a line, without begin and end; an empty line gives none.</summary>
    int[] Encode(string line);

    /// <summary>The text of ids up to the end of the sentence; padding and begin are passed over.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    string Decode(params ReadOnlySpan<int> ids);

    /// <summary>Writes the tokenizer to a file, in one step; <see cref="TokenizerFile.Load"/> reads it.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    void Save(string path);
}
