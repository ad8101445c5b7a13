namespace GpuNets.Models;

/// <summary>
/// Front end, context module and upsampling in one (Yu and Koltun 2016, arXiv 1511.07122, section 4 and appendix A). Parameters: those of the
/// parts under <c>front</c>, <c>context</c> and <c>upsample</c>.
/// </summary>
public sealed class DilatedNetwork : Layer
{
    private readonly ConvTranspose2d? _upsample;

    /// <summary>Makes the parts.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="options">The parts; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting makes no sense or does not fit another.</exception>
    public DilatedNetwork(Vars vars, DilatedNetworkOptions? options = null) : base(vars)
    {
        Options = options ?? new DilatedNetworkOptions();
        Options.Validate();
        Front = new VggFrontEnd(vars["front"], Options.Front);
        if (Options.FreezeFrontEnd) foreach (var parameter in Front.Parameters) parameter.Freeze();
        Context = Options.Context is null ? null : new ContextModule(vars["context"], Options.Context);
        if (Options.Upsampling != ScoreUpsampling.Transposed) return;
        int stride = Front.Geometry.Stride, classes = Options.Front.Classes;
        _upsample = new ConvTranspose2d(vars["upsample"], classes, classes, 2 * stride, new ConvTranspose2dOptions
        {
            Stride = stride,
            Padding = stride / 2,
            Groups = classes,
            Bias = false,
            WeightInitializer = Interpolation,
        });
        if (!Options.LearnUpsampling) _upsample.Weight.Freeze();
    }

    /// <summary>The parts.</summary>
    public DilatedNetworkOptions Options { get; }

    /// <summary>The front end.</summary>
    public VggFrontEnd Front { get; }

    /// <summary>The context module; null for none.</summary>
    public ContextModule? Context { get; }

    /// <summary>The weights of <see cref="ScoreUpsampling.Transposed"/>, [classes, 1, 2 stride, 2 stride]; else null.</summary>
    public Parameter? UpsamplingWeight => _upsample?.Weight;

    /// <summary>What an optimiser trains: all parameters that are not frozen.</summary>
    public IReadOnlyList<Parameter> Trainable => [.. Parameters.Where(parameter => parameter.RequiresGradient)];

    /// <summary>Scores (logits) of cells, or of pixels with upsampling.</summary>
    /// <param name="x">Images [N, 3, height, width] with their margins, as the front end takes them.</param>
    /// <returns>[N, classes, rows, columns] of cells; with upsampling stride times as many.</returns>
    /// <exception cref="ShapeException">The images have no three channels or are too small for a cell.</exception>
    public override Tensor Forward(Tensor x) => Upsample(Cells(x));

    /// <summary>
    /// Probabilities of the classes as the released networks make them: those of <see cref="ScoreUpsampling.Bilinear"/> interpolate the
    /// probabilities of cells, those of <see cref="ScoreUpsampling.Transposed"/> the scores.
    /// </summary>
    /// <inheritdoc cref="Forward"/>
    /// <returns>As <see cref="Forward"/>; they add up to 1 over the classes.</returns>
    public Tensor Probabilities(Tensor x)
    {
        var cells = Cells(x);
        return Options.Upsampling == ScoreUpsampling.Bilinear ? Upsample(cells.Softmax(1)) : Upsample(cells).Softmax(1);
    }

    /// <inheritdoc/>
    protected override string Describe() =>
        $"DilatedNetwork({Options.Front.Classes} classes{(Options.FreezeFrontEnd ? ", front end frozen" : "")}, upsampling {Options.Upsampling})";

    private Tensor Cells(Tensor x)
    {
        var scores = Front.Forward(x, dropout: !Options.FreezeFrontEnd);
        return Context is null ? scores : Context.Forward(scores);
    }

    private Tensor Upsample(Tensor cells)
    {
        if (_upsample is not null) return _upsample.Forward(cells);
        if (Options.Upsampling == ScoreUpsampling.None) return cells;
        int stride = Front.Geometry.Stride;
        return cells
            .Resize([(cells.Shape[2] - 1) * stride + 1, (cells.Shape[3] - 1) * stride + 1], alignCorners: true)
            .Pad([(0, 0), (0, 0), (0, stride - 1), (0, stride - 1)], PadMode.Replicate);
    }

    // Caffe's bilinear filler: (1 - |i / f - c|) (1 - |j / f - c|) with f = stride, c = (2 f - 1) / (2 f).
    private static void Interpolation(Span<float> values, Shape shape, Philox random)
    {
        int size = shape[2];
        double factor = size / 2, centre = (2 * factor - 1) / (2 * factor);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((1 - Math.Abs(i / size % size / factor - centre)) * (1 - Math.Abs(i % size / factor - centre)));
    }
}
