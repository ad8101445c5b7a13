using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Checks the operands of a convolution and works out its sizes; sequences [batch, channels, length] are images of one row.</summary>
internal readonly struct ConvShape
{
    private readonly string _operation;
    private readonly Shape _input, _weight;

    /// <param name="operation">Name for messages.</param>
    /// <param name="input">Shape of x.</param>
    /// <param name="weight">Shape of the weight.</param>
    /// <param name="axes">Axes that the kernel moves along, 1 or 2.</param>
    /// <param name="window">How it moves.</param>
    public ConvShape(string operation, Shape input, Shape weight, int axes, ConvWindow window)
    {
        (_operation, _input, _weight) = (operation, input, weight);
        Axes = axes;
        Window = window;
        string sizes = axes == 1 ? "length" : "height, width";
        if (input.Rank != axes + 2) throw Error($"the input has shape {input}, expected [batch, channels, {sizes}].");
        if (weight.Rank != axes + 2) throw Error($"the weight has shape {weight}, expected {axes + 2} axes, the last {axes} of them the kernel's.");
        if (window.Groups < 1) throw Error($"{window.Groups} groups, expected at least 1.");
        Positive("stride", window.Stride);
        Positive("dilation", window.Dilation);
        var p = window.Padding;
        if (Math.Min(Math.Min(p.Top, p.Bottom), Math.Min(p.Left, p.Right)) < 0) throw Error($"padding {p} is negative; use Slice to cut.");
        if (weight.Product(2, weight.Rank) == 0) throw Error($"the kernel of weight {weight} is empty.");
    }

    public int Axes { get; }

    public ConvWindow Window { get; }

    private Size2d Kernel => Axes == 1 ? (1, _weight[2]) : (_weight[2], _weight[3]);

    private Size2d InputSize => Axes == 1 ? (1, _input[2]) : (_input[2], _input[3]);

    /// <summary>Sizes of the convolution of x.</summary>
    public ConvSize Convolution(Tensor? bias, ConvMask? mask)
    {
        int channels = _input[1], groups = Window.Groups;
        if (channels != _weight[1] * groups)
            throw Error($"input has {channels} channels but weight expects {_weight[1] * groups}{InGroups} (input {_input}, weight {_weight}).");
        if (_weight[0] % groups != 0) throw Error($"{_weight[0]} output channels of weight {_weight} are no multiple of {groups} groups.");
        Size2d kernel = Kernel, size = InputSize;
        var p = Window.Padding;
        int height = ConvSize.OutLength(size.Height, p.Top, p.Bottom, kernel.Height, Window.Stride.Height, Window.Dilation.Height);
        int width = ConvSize.OutLength(size.Width, p.Left, p.Right, kernel.Width, Window.Stride.Width, Window.Dilation.Width);
        if (height == 0 || width == 0)
            throw Error($"the kernel does not fit: input {_input}, weight {_weight}, padding {p}, dilation {Window.Dilation}.");
        CheckBias(bias, _weight[0]);
        return Size(_weight[0], channels, size, (height, width), mask);
    }

    /// <summary>Sizes of the convolution whose gradient to data is the transposed convolution of x.</summary>
    public ConvSize Transposed(Tensor? bias, Size2d outputPadding)
    {
        int channels = _input[1], groups = Window.Groups;
        if (channels != _weight[0])
            throw Error($"input has {channels} channels but weight expects {_weight[0]} (input {_input}, weight {_weight}).");
        if (channels % groups != 0) throw Error($"{channels} input channels of weight {_weight} are no multiple of {groups} groups.");
        if (outputPadding.Height < 0 || outputPadding.Width < 0
            || outputPadding.Height >= Math.Max(Window.Stride.Height, Window.Dilation.Height)
            || outputPadding.Width >= Math.Max(Window.Stride.Width, Window.Dilation.Width))
            throw Error($"output padding {outputPadding} must be at least 0 and less than the stride {Window.Stride} or the dilation {Window.Dilation}.");
        Size2d kernel = Kernel, size = InputSize;
        var p = Window.Padding;
        int height = (size.Height - 1) * Window.Stride.Height - p.Top - p.Bottom + Window.Dilation.Height * (kernel.Height - 1) + outputPadding.Height + 1;
        int width = (size.Width - 1) * Window.Stride.Width - p.Left - p.Right + Window.Dilation.Width * (kernel.Width - 1) + outputPadding.Width + 1;
        if (height < 1 || width < 1 || size.Height < 1 || size.Width < 1)
            throw Error($"nothing is left of the output: input {_input}, weight {_weight}, padding {p}.");
        CheckBias(bias, _weight[1] * groups);
        return Size(channels, _weight[1] * groups, (height, width), size, null);
    }

    /// <summary>Shape of a result with so many channels.</summary>
    public Shape Result(int channels, int height, int width) => Axes == 1 ? [_input[0], channels, width] : [_input[0], channels, height, width];

    private string InGroups => Window.Groups == 1 ? "" : $" in {Window.Groups} groups";

    private ConvSize Size(int outs, int ins, Size2d size, Size2d outSize, ConvMask? mask) => new()
    {
        Batch = _input[0],
        In = ins,
        Out = outs,
        Height = size.Height,
        Width = size.Width,
        KernelHeight = Kernel.Height,
        KernelWidth = Kernel.Width,
        OutHeight = outSize.Height,
        OutWidth = outSize.Width,
        Groups = Window.Groups,
        StrideY = Window.Stride.Height,
        StrideX = Window.Stride.Width,
        DilationY = Window.Dilation.Height,
        DilationX = Window.Dilation.Width,
        Top = Window.Padding.Top,
        Left = Window.Padding.Left,
        Mask = mask,
    };

    private void CheckBias(Tensor? bias, int channels)
    {
        if (bias is not null && bias.Shape != new Shape(channels)) throw Error($"the bias has shape {bias.Shape}, expected [{channels}].");
    }

    private void Positive(string name, Size2d size)
    {
        if (size.Height < 1 || size.Width < 1) throw Error($"{name} {size} must be at least 1.");
    }

    private ShapeException Error(string message) => new(_operation, message);
}

/// <summary>How a kernel moves over an image. Along a sequence only the horizontal values count.</summary>
internal readonly record struct ConvWindow(Size2d Stride, Padding2d Padding, Size2d Dilation, int Groups);
